"""The rules as pages read them, folded from what the journal was told."""

from datetime import datetime, timedelta

from services.core.events import Event, Recorded
from services.core.projections.projection import fold_all
from services.core.rules.events import RuleHeard, RuleMoved, RuleRead, RulesRead
from services.core.rules.standings import RuleStandings, RulesValue
from services.core.rules.states import AlertState
from services.core.rules.words import in_words
from tests.support.rules import FLOOR, LEVEL, MINUTE, START, rule

STOP = RuleRead("stop", "trading.drawdown", "trader", "value above 0.2", ["pause each"], "stop.yaml", latched=True)
DIP = RuleRead("dip", "engagement.deviation", "campaign", "mean below -2", ["alert"], "dip.yaml", cooldown=3600.0)


def told(*events: Event) -> RulesValue:
    """What is known after these, a minute apart."""
    return fold_all(RuleStandings(), (Recorded(n, at(n), "", event) for n, event in enumerate(events)))


def at(minute: int) -> datetime:
    return START + minute * MINUTE


def moved(rule: str, each: str, after: str, *actions: str, latched: bool = False, why: str = "") -> RuleMoved:
    withheld = ["alert"] if why else []
    return RuleMoved(rule, each, "normal", after, "it saw 0.3", list(actions), withheld, why, latched)


def test_a_rule_that_has_seen_nothing_is_listed_without_a_subject() -> None:
    (row,) = told(RulesRead([STOP])).rows
    assert (row.name, row.subjects) == ("stop", ())


def test_what_a_rule_watches_is_known_from_its_first_value_on() -> None:
    known = told(RulesRead([STOP, DIP]), RuleHeard("stop", "mine"), RuleHeard("stop", "other"))
    assert [(row.name, each.state) for row, each in known.of("mine")] == [("stop", AlertState.NORMAL)]
    assert known.of("nobody") == ()


def test_a_latched_rule_is_armed_again_only_by_the_move_that_says_so() -> None:
    fired = moved("stop", "mine", "firing", "pause mine", latched=True)
    ((_, each),) = told(RulesRead([STOP]), RuleHeard("stop", "mine"), fired, fired).of("mine")
    assert (each.latched, each.alarmed, each.since, each.actions) == (True, True, at(2), ("pause mine",))
    ((_, each),) = told(RulesRead([STOP]), fired, moved("stop", "mine", "normal")).of("mine")
    assert (each.latched, each.alarmed, each.acted_at) == (False, False, at(1))


def test_a_rule_that_acted_cools_down_for_as_long_as_its_file_says() -> None:
    known = told(RulesRead([DIP]), moved("dip", "spring", "firing", "alert"), moved("dip", "spring", "normal"))
    ((row, each),) = known.of("spring")
    assert row.cooling_until(each, at(30)) == at(1) + timedelta(hours=1)
    assert row.cooling_until(each, at(61)) is None
    ((row, each),) = told(RulesRead([DIP]), moved("dip", "spring", "firing", why="cooling down")).of("spring")
    assert row.cooling_until(each, at(30)) is None
    assert (each.withheld, each.why_withheld) == (("alert",), "cooling down")


def test_a_rule_that_is_taken_away_and_comes_back_stands_where_it_stood() -> None:
    fired = moved("stop", "mine", "firing", "pause mine", latched=True)
    assert told(RulesRead([STOP, DIP]), fired, RulesRead([DIP])).named("stop") is None
    ((_, each),) = told(RulesRead([STOP]), fired, RulesRead([]), RulesRead([STOP])).of("mine")
    assert each.latched


def test_its_snapshot_is_all_it_needs() -> None:
    fired = moved("stop", "mine", "firing", "pause mine", latched=True)
    whole, again = RuleStandings(), RuleStandings()
    for number, event in enumerate((RulesRead([STOP, DIP]), RuleHeard("dip", "spring"), fired)):
        whole.take(Recorded(number, at(number), "", event))
    again.thaw(whole.freeze())
    assert again.value() == whole.value()


def test_a_rule_in_words() -> None:
    assert (
        in_words(rule(FLOOR), "a.yaml").condition
        == "fewer than 80 % of the last 30 are good, 90 % sure, from 8 values and 4 failures on"
    )
    assert in_words(rule(LEVEL), "a.yaml").condition == "value above 10"
    timed = rule(LEVEL, window="{within: 10m}", statistic="max", for_="5m")
    assert in_words(timed, "a.yaml").condition == "max within 10 min above 10, for 5 min"
