"""The words a rule may ask with."""

import pytest

from services.core.rules.actions import Action, Verb, parse_action


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pause each", Action(Verb.PAUSE, "each")),
        ("pause eth trader", Action(Verb.PAUSE, "eth trader")),
        ("restart", Action(Verb.RESTART, "each")),
        ("run nightly report", Action(Verb.RUN, "nightly report")),
        ("roll back strategy", Action(Verb.ROLL_BACK, "strategy")),
        ("stop auto-apply", Action(Verb.STOP_AUTO_APPLY)),
        ("Alert", Action(Verb.ALERT)),
        ("report", Action(Verb.REPORT)),
        ("raise log level", Action(Verb.RAISE_LOG_LEVEL, "each")),
    ],
)
def test_each_sentence_is_read(text, expected):
    assert parse_action(text) == expected


@pytest.mark.parametrize("verb", list(Verb))
def test_what_is_written_back_is_read_as_the_same(verb):
    action = Action(verb) if verb in {Verb.ALERT, Verb.REPORT, Verb.STOP_AUTO_APPLY} else Action(verb, "eth trader")
    assert parse_action(str(action)) == action


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("alrt", "did you mean 'alert'"),
        ("sell everything", "the actions are pause, restart"),
        ("pause", "write a process or each after pause"),
        ("alert each", "nothing follows alert; take 'each' out"),
        ("", "is no action"),
    ],
)
def test_a_wrong_sentence_is_told_with_its_mend(text, told):
    with pytest.raises(ValueError, match=told):
        parse_action(text)


def test_each_becomes_the_subject_and_a_name_stays():
    assert parse_action("pause each").aimed_at("btc") == Action(Verb.PAUSE, "btc")
    assert parse_action("pause eth").aimed_at("btc") == Action(Verb.PAUSE, "eth")
