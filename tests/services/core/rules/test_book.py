"""Rule files on disk: the shipped ones, mistakes with their places, and edits while the program runs."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.core.rules.actions import Verb
from services.core.rules.book import RuleBook

DEFAULTS = sorted(Path("strategies/rules").glob("*.yaml"))
GOOD = "- rule: one\n  metric: m\n  fire: {above: 3}\n  then: [alert]\n"


def mistakes_in(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    return [str(mistake).replace(f"{tmp_path}/", "") for mistake in RuleBook().read([file])]


def test_the_shipped_rules_are_read_without_a_mistake():
    book = RuleBook()
    assert book.read(DEFAULTS) == []
    rules = {rule.rule: rule for rule in book.rules}
    assert list(rules) == ["drawdown stop", "engagement dip", "process error rate"]
    assert rules["engagement dip"].cooldown == timedelta(days=7)
    assert rules["drawdown stop"].latched
    assert rules["drawdown stop"].fire.probability is None


def test_every_mistake_of_a_file_is_told_at_once_with_its_place(tmp_path):
    text = """\
- rule: one
  metric: m
  treshold: 3
  window: {last: 3, within: 4h}
  fire: {below: 0.8, probability: 1.2}
  for: 5
  then: [alrt, alert]
"""
    told = mistakes_in(tmp_path, text)
    assert len(told) == 5
    for place, what in [
        ("mine.yaml:3:3", "there is no key 'treshold'"),
        ("mine.yaml:4:11", "either last"),
        ("mine.yaml:5:35", "less than 1"),
        ("mine.yaml:6:8", "a duration needs its unit"),
        ("mine.yaml:7:10", "did you mean 'alert'"),
    ]:
        assert any(mistake.startswith(place) and what in mistake for mistake in told), (place, told)


def test_an_action_that_is_none_is_told_once_and_not_as_a_list_that_is_too_short(tmp_path):
    (told,) = mistakes_in(tmp_path, GOOD.replace("[alert]", "[alrt]"))
    assert told.startswith("mine.yaml:4:10")
    (told,) = mistakes_in(tmp_path, GOOD.replace("[alert]", "[]"))
    assert told.startswith("mine.yaml:4:9")


def test_an_unknown_key_is_told_with_the_keys_that_there_are(tmp_path):
    (told,) = mistakes_in(tmp_path, GOOD.replace("then:", "cooldwn: 1h\n  then:"))
    assert "Write 'cooldown'" in told


INCOHERENT = [
    ("window: {last: 3}", "fire: {below: 0.8, probability: 0.9}", "holds 3 values but 8 samples"),
    ("window: {last: 9}", "fire: {below: 80, probability: 0.9}", "80 % is 0.80"),
    ("statistic: max", "fire: {below: 0.8, probability: 0.9, samples: 1}", "use statistic mean"),
    ("statistic: count", "fire: {below: 3}", "needs a window of time"),
    ("statistic: count\n  window: {within: 1d}", "fire: {above: 20000}", "holds at most 10,000 values"),
    ("latched: true", "fire: {above: 3}\n  clear: {below: 2}", "cleared only by a person"),
    ("latched: true\n  cooldown: 1h", "fire: {above: 3}", "take cooldown and max_per_day out"),
    ("statistic: last", "fire: {above: 3}\n  clear: {below: 4}", "clear at 4 while it still fires above 3"),
    ("statistic: last", "fire: {above: 3}\n  clear: {above: 2}", "else write below: 2"),
    ("statistic: last", "fire: {above: 9e6}\n  clear: {above: 1234567.5}", "else write below: 1234567.5"),
    (
        "statistic: last",
        "fire: {above: 10000}\n  clear: {below: 10000.01}",
        "clear at 10000.01 while it still fires above 10000",
    ),
    ("statistic: last", "fire: {below: 1e-7}\n  clear: {below: 2e-7}", "else write above: 0.0000002"),
    ("statistic: last", "fire: {above: 3, failures: 2}", "failures needs fire.probability"),
    ("statistic: last", "fire: {above: 3}\n  clear: {below: 0.5, probability: 0.5}", "give both or neither"),
]


@pytest.mark.parametrize(("line", "fire", "told"), INCOHERENT)
def test_parts_that_do_not_fit_together_are_told_with_the_mend(tmp_path, line, fire, told):
    (mistake,) = mistakes_in(tmp_path, f"- rule: one\n  metric: m\n  {line}\n  {fire}\n  then: [alert]\n")
    assert told in mistake


def test_an_action_on_each_needs_an_each(tmp_path):
    (mistake,) = mistakes_in(tmp_path, GOOD.replace("alert", "pause each"))
    assert "'pause each' needs a subject" in mistake


def test_a_file_with_a_mistake_keeps_its_last_good_version(tmp_path):
    file, other = tmp_path / "mine.yaml", tmp_path / "other.yaml"
    file.write_text(GOOD)
    other.write_text(GOOD.replace("one", "two"))
    book = RuleBook()
    book.read([file, other])
    file.write_text(GOOD.replace("above: 3", "above: high"))
    other.write_text(GOOD.replace("one", "two").replace("above: 3", "above: 4"))
    assert len(book.read([file, other])) == 1
    assert [(rule.rule, rule.fire.above) for rule in book.rules] == [("one", 3), ("two", 4)]


def test_a_file_that_is_gone_takes_its_rules_with_it(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD)
    book = RuleBook()
    book.read([file])
    assert book.read([]) == []
    assert book.rules == ()


def test_two_rules_of_one_name_are_told_and_the_first_counts(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD + GOOD.replace("above: 3", "above: 4"))
    book = RuleBook()
    (mistake,) = book.read([file])
    assert str(mistake).startswith(f"{file}:5:3: the rule 'one' is already in")
    assert [rule.fire.above for rule in book.rules] == [3]


def test_a_rule_over_a_metric_that_nobody_measures_is_told(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD.replace("metric: m", "metric: trading.drawdwn"))
    book = RuleBook()
    book.read([file])
    (mistake,) = book.unheard({"trading.drawdown"})
    assert "nothing measures 'trading.drawdwn'" in str(mistake)
    assert "Write 'trading.drawdown'" in str(mistake)
    assert book.unheard({"trading.drawdwn"}) == []


def test_an_action_that_nobody_carries_out_is_told_with_its_place_and_reason(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD.replace("[alert]", "[roll back strategy, alert]"))
    book = RuleBook()
    assert book.read([file]) == []
    nobody = {Verb.ROLL_BACK: "nothing can be rolled back"}
    (mistake,) = book.undone(nobody)
    assert str(mistake).startswith(f"{file}:1:3: nobody carries out 'roll back strategy', which 'one' asks for")
    assert "nothing can be rolled back" in str(mistake)
    (read,) = book.in_words({"m"}, nobody)
    assert read.undone == str(mistake)
    assert book.undone({}) == []
