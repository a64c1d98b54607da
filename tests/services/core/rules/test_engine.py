"""Rules over real observations: when they fire, clear, wait, latch, and what they ask for."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.core.metrics import Observation
from services.core.rules.book import RuleFile
from services.core.rules.engine import RuleEngine
from services.core.rules.model import Rule
from services.core.rules.states import AlertState
from services.core.rules.words import condition
from services.core.yamlfile import load_model
from tests.support.rules import FLOOR, LEVEL, MINUTE, START, feed, observation, path, rule


def test_nothing_is_judged_before_enough_was_seen_and_the_standing_says_so():
    engine = RuleEngine([rule(FLOOR)])
    assert feed(engine, [0, 0, 0]) == []
    assert str(engine.standings()[0].evidence) == "3 of 3 failed so far; it is judged from 8 on"


def test_a_rate_that_is_believed_low_fires_with_its_numbers():
    engine = RuleEngine([rule(FLOOR)])
    (fired,) = feed(engine, [0] * 8)
    assert (fired.before, fired.after) == (AlertState.NORMAL, AlertState.FIRING)
    assert fired.because.n == 8
    assert fired.because.probability == pytest.approx(0.999801317187, abs=1e-10)
    assert [str(action) for action in fired.actions] == ["alert"]


def test_too_few_failures_do_not_fire_however_the_numbers_look():
    engine = RuleEngine([rule(FLOOR, fire="{below: 0.80, probability: 0.5, samples: 8, failures: 4}")])
    assert feed(engine, [1, 1, 1, 1, 1, 0, 0, 0]) == []
    assert path(feed(engine, [0], first=8)) == ["firing"]


def test_a_share_of_bad_outcomes_fires_above_with_the_prior_turned_round():
    engine = RuleEngine(
        [rule(FLOOR, fire="{above: 0.2, probability: 0.9, samples: 2}", clear="{below: 0.2, probability: 0.5}")]
    )
    assert feed(engine, [0, 0]) == []
    assert engine.standings()[0].evidence.probability == pytest.approx(0.0946423439406, abs=1e-10)
    assert path(feed(engine, [1, 1, 1, 1], first=2)) == ["firing"]


def test_it_is_cleared_on_new_values_alone_and_the_old_ones_are_dropped():
    engine = RuleEngine([rule(FLOOR)])
    feed(engine, [0] * 8)
    changes = feed(engine, [1] * 10, first=8)
    assert path(changes) == ["normal"]
    assert changes[0].because.n == 10
    assert path(feed(engine, [0, 0, 1, 1, 1, 1], first=18)) == []


def test_between_the_two_thresholds_it_is_recovering_and_coming_back_is_the_same_incident():
    engine = RuleEngine([rule(LEVEL)])
    changes = feed(engine, [11, 7, 12, 7, 4])
    assert path(changes) == ["firing", "recovering", "firing", "recovering", "normal"]
    assert [len(change.actions) for change in changes] == [1, 0, 0, 0, 0]


def test_a_condition_must_last_and_time_alone_ends_the_wait():
    engine = RuleEngine([rule(LEVEL, for_="5m")])
    assert path(feed(engine, [11, 12])) == ["pending"]
    assert engine.next_due() == START + 5 * MINUTE
    assert engine.tick(START + 4.9 * MINUTE) == []
    assert path(engine.tick(START + 5 * MINUTE)) == ["firing"]


def test_a_condition_that_passes_before_its_time_is_forgotten():
    engine = RuleEngine([rule(LEVEL, for_="5m")])
    assert path(feed(engine, [11, 12, 4, 11])) == ["pending", "normal", "pending"]
    assert engine.next_due() == START + 8 * MINUTE


def test_a_tick_that_comes_late_finds_what_a_punctual_one_would_have():
    engine = RuleEngine([rule(LEVEL, for_="5m")])
    feed(engine, [11])
    changes = feed(engine, [4], first=30)
    assert path(changes) == ["firing", "normal"]
    assert changes[0].at == START + 5 * MINUTE


def test_in_the_cool_down_actions_are_withheld_and_taken_when_it_ends_if_it_still_fires():
    engine = RuleEngine([rule(LEVEL, cooldown="1h")])
    changes = feed(engine, [11, 4, 11])
    assert [len(change.actions) for change in changes] == [1, 0, 0]
    assert [str(action) for action in changes[2].withheld] == ["alert"]
    assert changes[2].why_withheld == "cooling down until 2026-03-01 01:00:00 UTC"
    (paid,) = engine.tick(START + timedelta(hours=2))
    assert (paid.before, paid.after, len(paid.actions)) == (AlertState.FIRING, AlertState.FIRING, 1)
    assert paid.at == START + timedelta(hours=1)


def test_in_the_cool_down_an_incident_that_ends_owes_nothing():
    engine = RuleEngine([rule(LEVEL, cooldown="1h")])
    feed(engine, [11, 4, 11, 4])
    assert engine.tick(START + timedelta(days=2)) == []


def test_silence_holds_actions_back_until_it_ends():
    engine = RuleEngine([rule(LEVEL, silence_until="2026-03-01T00:30:00Z")])
    (fired,) = feed(engine, [11])
    assert (fired.actions, fired.why_withheld) == ((), "silenced until 2026-03-01 00:30:00 UTC")
    (paid,) = engine.tick(START + 30 * MINUTE)
    assert len(paid.actions) == 1


def test_a_dry_run_tells_what_it_would_have_done():
    engine = RuleEngine([rule(LEVEL, dry_run="true")])
    (fired,) = feed(engine, [11])
    assert (fired.actions, [str(each) for each in fired.withheld], fired.why_withheld) == ((), ["alert"], "dry run")


def test_a_dry_run_does_not_cool_down_what_is_meant_in_earnest():
    engine = RuleEngine([rule(LEVEL, dry_run="true", cooldown="1h")])
    feed(engine, [11, 4])
    engine.replace([rule(LEVEL, cooldown="1h")], START + 2 * MINUTE)
    assert len(feed(engine, [11], first=3)[0].actions) == 1


def test_each_subject_is_judged_by_itself_and_the_actions_name_it():
    engine = RuleEngine([rule(LEVEL, each="trader", then="[pause each, run nightly report]")])
    assert feed(engine, [4], each="eth") == []
    (fired,) = feed(engine, [11], each="btc")
    assert [str(action) for action in fired.actions] == ["pause btc", "run nightly report"]


def test_an_observation_without_the_subject_a_rule_needs_is_an_error_not_a_pause_of_nothing():
    engine = RuleEngine([rule(LEVEL, each="trader", then="[pause each]")])
    (change,) = feed(engine, [11])
    assert (change.after, change.actions) == (AlertState.ERROR, ())
    assert str(change.because) == "an observation of m names no trader"


def test_a_value_that_is_no_share_is_an_error_until_the_next_good_one():
    engine = RuleEngine([rule(FLOOR)])
    changes = feed(engine, [1, 7, 1])
    assert path(changes) == ["error", "normal"]
    assert "7 is no share" in str(changes[0].because)
    assert engine.standings()[0].evidence.n == 2


def test_a_metric_that_falls_silent_is_no_data_and_an_incident_goes_on_after_it():
    engine = RuleEngine([rule(LEVEL, no_data="10m")])
    feed(engine, [11])
    assert path(engine.tick(START + 10 * MINUTE)) == ["no data"]
    changes = feed(engine, [12, 4], first=20)
    assert path(changes) == ["firing", "normal"]
    assert changes[0].actions == ()


def test_too_few_events_are_a_fact_only_after_a_whole_window():
    text = {"statistic": "count", "window": "{within: 1h}", "fire": "{below: 2}", "clear": "{above: 2}"}
    engine = RuleEngine([rule(LEVEL, **text)])
    assert feed(engine, [1]) == []
    assert "not full yet" in str(engine.standings()[0].evidence)
    (fired,) = engine.tick(START + timedelta(hours=1))
    assert (fired.after, fired.because.statistic) == (AlertState.FIRING, 0)


def test_a_rate_clears_by_time_alone():
    text = {"statistic": "rate", "window": "{within: 1m}", "fire": "{above: 0.1}", "clear": "{below: 0.05}"}
    engine = RuleEngine([rule(LEVEL, **text)])
    assert path(feed(engine, [10])) == ["firing"]
    assert path(engine.tick(START + 5 * MINUTE)) == ["normal"]


def latch() -> RuleEngine:
    text = {"each": "trader", "fire": "{above: 0.2}", "statistic": "last", "latched": "true", "then": "[pause each]"}
    return RuleEngine([rule(LEVEL.replace("clear: {below: 5}\n", ""), **text)])


def test_a_money_stop_acts_on_the_first_value_over_the_line_and_stays():
    engine = latch()
    (fired,) = feed(engine, [0.1, 0.21, 0.0, 0.0], each="btc")
    assert (str(fired.actions[0]), fired.because.probability) == ("pause btc", None)
    assert engine.tick(START + timedelta(days=400)) == []
    assert engine.standings()[0].state is AlertState.FIRING


def test_only_a_person_with_a_reason_re_arms_it_and_then_it_fires_again():
    engine = latch()
    feed(engine, [0.3], each="btc")
    with pytest.raises(ValueError, match="needs a reason"):
        engine.rearm("level", "btc", "  ", START + MINUTE)
    change = engine.rearm("level", "btc", "looked at it, the exchange was down", START + MINUTE)
    assert (change.after, str(change.because)) == (AlertState.NORMAL, "re-armed: looked at it, the exchange was down")
    assert len(feed(engine, [0.3], first=2, each="btc")[0].actions) == 1


def test_what_has_not_fired_cannot_be_re_armed():
    engine = latch()
    feed(engine, [0.1], each="btc")
    with pytest.raises(ValueError, match="is normal"):
        engine.rearm("level", "btc", "because", START)
    with pytest.raises(LookupError, match="no rule 'level' watches 'eth'"):
        engine.rearm("level", "eth", "because", START)


def test_neither_editing_nor_removing_nor_restarting_opens_a_latch():
    engine = latch()
    feed(engine, [0.3], each="btc")
    original = engine.rules
    engine.replace([rule(LEVEL, metric="other", each="trader")], START + MINUTE)
    assert engine.standings()[0].state is AlertState.FIRING
    engine.replace([], START + 2 * MINUTE)
    engine = RuleEngine(original, json.loads(json.dumps(engine.save())))
    assert (engine.standings()[0].state, engine.standings()[0].latched) == (AlertState.FIRING, True)


def test_a_changed_threshold_goes_on_from_where_the_rule_stands():
    engine = RuleEngine([rule(LEVEL, for_="5m")])
    feed(engine, [11])
    assert engine.replace([rule(LEVEL, for_="5m", fire="{above: 9}")], START + MINUTE) == []
    assert path(engine.tick(START + 5 * MINUTE)) == ["firing"]


def test_a_threshold_moved_past_the_value_moves_the_rule_at_once():
    engine = RuleEngine([rule(LEVEL)])
    feed(engine, [11])
    assert path(engine.replace([rule(LEVEL, fire="{above: 20}", clear="{below: 15}")], START + MINUTE)) == ["normal"]


def test_a_rule_that_measures_something_else_starts_anew_but_still_cools_down():
    engine = RuleEngine([rule(LEVEL, cooldown="1h")])
    feed(engine, [11])
    (ended,) = engine.replace([rule(LEVEL, cooldown="1h", statistic="max")], START + MINUTE)
    assert (ended.after, str(ended.because)) == (AlertState.NORMAL, "the rule now measures something else")
    assert feed(engine, [11], first=2)[0].why_withheld.startswith("cooling down")


def test_a_window_filled_under_an_older_rule_does_not_break_a_newer_one():
    engine = RuleEngine([rule(LEVEL, fire="{below: -3}", clear="{above: 3}")])
    feed(engine, [7, 8])
    saved = engine.save()
    engine = RuleEngine([rule(FLOOR.replace("floor", "level"))], saved)
    assert engine.standings()[0].evidence.n == 0


def test_an_observation_of_another_metric_is_none_of_its_business():
    engine = RuleEngine([rule(LEVEL, metric="other")])
    assert engine.observe(observation(0, 99)) == []


def test_as_many_takings_a_day_as_are_allowed_and_no_more():
    engine = RuleEngine([rule(LEVEL, max_per_day="2")])
    changes = [change for change in feed(engine, [11, 4] * 3) if change.after is AlertState.FIRING]
    assert [len(change.actions) for change in changes] == [1, 1, 0]
    assert changes[2].why_withheld == "at most 2 in 24 hours until 2026-03-02 00:00:00 UTC"


def shipped(file: str) -> list[Rule]:
    """The rules that come with the program, of one file."""
    return load_model(Path(__file__).parents[4] / "strategies" / "rules" / file, RuleFile).root


@pytest.mark.parametrize(("runs", "fires"), [([1] * 3, True), ([1] * 4, True), ([1, 1], False), ([1, 0, 0, 0], False)])
def test_the_shipped_error_rate_fires_where_every_run_fails_and_not_for_one_or_two(runs: list[int], fires: bool):
    (error_rate,) = shipped("process-errors.yaml")
    engine = RuleEngine([error_rate])
    changes = [each for at, run in enumerate(runs) for each in engine.observe(_failed(at, run))]
    assert path(changes) == (["firing"] if fires else [])


def _failed(minute: int, value: float) -> Observation:
    return Observation("process.failed", value, START + minute * MINUTE, "bot")


def test_what_a_rule_saw_is_a_sentence():
    (error_rate,) = shipped("process-errors.yaml")
    engine = RuleEngine([error_rate])
    said = []
    for minute, value in enumerate([1, 1, 1, 1, 0]):
        engine.observe(_failed(minute, value))
        said.append(str(engine.standings()[0].evidence))
    assert said[1] == "2 of 2 failed so far; it is judged from 3 on"
    assert said[3] == "4 of 4 failed: 97.4 % sure that more than 20 % fail; it fires from 90 % on"
    level = RuleEngine([rule(LEVEL)])
    (fired,) = feed(level, [12])
    assert str(fired.because) == "12 is above 10"
    dip = RuleEngine([rule(LEVEL, window="{last: 3}", statistic="mean", fire="{below: -2, samples: 3}", clear="null")])
    (fired,) = feed(dip, [-3, -3.5, -2.8])
    assert str(fired.because) == "the mean of 3 values is -3.1, below -2"
    (cleared,) = feed(RuleEngine([rule(FLOOR)]), [0] * 8 + [1] * 10)[1:]
    assert str(cleared.because).startswith("0 of 10 failed: ")
    assert str(cleared.because).endswith("sure that fewer than 85 % are good; it clears under 50 %")
    assert condition(error_rate) == "more than 20 % of the last 20 fail, 90 % sure, from 3 values and 3 failures on"
