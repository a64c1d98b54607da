from dataclasses import replace
from datetime import timedelta

import pytest

from app.control.readings import process
from app.runtime.desk.frame import health
from services.core.process import State
from services.core.rules.events import RuleRead
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue, SubjectRow
from services.core.rules.states import AlertState
from services.orchestrator.definitions.file_events import Mistake
from services.orchestrator.definitions.file_mistakes import FileMistakes, FileMistakesValue, MistakenFile
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow, PulseValue
from tests.support.manual_clock import START
from tests.support.pages import Moment
from widgets.parts.status import Status
from widgets.parts.text.times import clock_time
from widgets.states.process_lines import process_line
from widgets.states.rules import RuleLine, rule_lines, rules_watching

AGO = START - timedelta(minutes=5)


def read(name: str, **more: object) -> RuleRead:
    return RuleRead(name, "trading.drawdown", "trader", "value above 0.2", ["pause each"], "mine.yaml", **more)


def stands(state: AlertState, **more: object) -> SubjectRow:
    return SubjectRow("stop", "mine", state, AGO, "0.3 is above 0.2", **more)


HERE = ProcessesValue((ProcessRow("mine", "trading", State.RUNNING, "", "user", AGO),))


def line(row: RuleRow, processes: ProcessesValue = HERE) -> RuleLine:
    (found,) = rule_lines(Moment({RuleStandings: RulesValue((row,)), Processes: processes}))
    return found


def test_every_standing_has_its_word_and_its_shape() -> None:
    seen = {state: line(RuleRow(read("stop"), (stands(state),))) for state in AlertState}
    assert {state: (each.word, each.shape) for state, each in seen.items()} == {
        AlertState.NORMAL: ("Normal", "ok"),
        AlertState.PENDING: ("Pending", "warn"),
        AlertState.FIRING: ("Firing", "bad"),
        AlertState.RECOVERING: ("Recovering", "warn"),
        AlertState.NO_DATA: ("No data", "warn"),
        AlertState.ERROR: ("Error", "bad"),
    }
    assert [state for state, each in seen.items() if each.can_rearm] == [AlertState.FIRING, AlertState.RECOVERING]


def test_a_latched_rule_says_that_only_a_person_ends_it() -> None:
    shown = line(RuleRow(read("stop"), (stands(AlertState.FIRING, latched=True, acted_at=AGO, actions=("alert",)),)))
    assert (shown.word, dict(shown.texts)["Ends"]) == ("Latched", "only when you re-arm it, with a reason")
    assert dict(shown.texts)["Did"].startswith("alert, ")


def test_of_a_process_that_was_removed_only_what_fired_for_it_is_left_and_says_so() -> None:
    calm, fired = (RuleRow(read("stop"), (stands(state),)) for state in (AlertState.NORMAL, AlertState.FIRING))
    assert (line(calm, ProcessesValue()).each, line(calm, ProcessesValue()).word) == ("", "No value yet")
    left = line(fired, ProcessesValue())
    assert (left.word, left.because) == ("Firing", "0.3 is above 0.2; the process was removed")


def test_a_rule_that_is_over_but_acted_lately_cools_down() -> None:
    cooling = RuleRow(read("stop", cooldown=3600.0), (stands(AlertState.NORMAL, acted_at=AGO, actions=("alert",)),))
    assert (line(cooling).word, line(cooling).shape) == ("Cooling down", "idle")


def test_rules_without_a_value_and_rules_that_can_never_have_one_are_told_apart() -> None:
    assert (line(RuleRow(read("new"))).word, line(RuleRow(read("new"))).because) == (
        "No value yet",
        "waits for trading.drawdown",
    )
    dormant = line(RuleRow(read("lost", unheard="mine.yaml:1:3: nothing measures it.")))
    idle = line(RuleRow(read("idle", undone="mine.yaml:1:3: nobody carries it out.")))
    assert dict(idle.texts)["Not carried out"] == "mine.yaml:1:3: nobody carries it out."
    assert (dormant.word, dict(dormant.texts)["Why"]) == ("Dormant", "mine.yaml:1:3: nothing measures it.")


def test_what_wants_a_person_comes_first_and_mistaken_files_stand_among_the_rules() -> None:
    rows = (
        RuleRow(read("calm"), (stands(AlertState.NORMAL),)),
        RuleRow(read("lost", unheard="nothing measures it")),
        RuleRow(read("stop"), (stands(AlertState.FIRING, latched=True),)),
    )
    key, other = Mistake("/h/bad.yaml:3:10", "there is no key 'abov'", "x"), Mistake("/h/other.yaml:1:1", "no", "x")
    wrong = (
        MistakenFile("strategies/rules/bad.yaml", "1", AGO, (key,)),
        MistakenFile("processes/other.yaml", "1", AGO, (other,)),
    )
    view = Moment({RuleStandings: RulesValue(rows), FileMistakes: FileMistakesValue(wrong), Processes: HERE})
    assert [each.word for each in rule_lines(view)] == ["Mistake", "Latched", "Dormant", "Normal"]
    first = rule_lines(view)[0]
    assert (first.rule, first.because) == ("bad.yaml", "3:10: there is no key 'abov'")
    assert "/h/bad.yaml:3:10" in dict(first.texts)["Mistake"]
    assert [each.rule for each in rules_watching(view, "mine")] == ["stop", "calm"]


@pytest.mark.parametrize(("latched", "next_"), [(True, "re-arm “stop” on the Rules page, then resume"), (False, "")])
def test_a_process_that_a_rule_holds_wants_attention_and_says_what_comes_next(latched: bool, next_: str) -> None:
    held = ProcessRow("mine", "trading", State.PAUSED, "holds at a checkpoint", "rule:stop", AGO)
    rules = RulesValue((RuleRow(read("stop"), (stands(AlertState.FIRING, latched=latched),)),))
    shown = process_line(held, Moment({RuleStandings: rules}))
    assert (shown.troubled, shown.shape) == (True, "warn")
    assert shown.doing.startswith("re-arm on Rules, then resume; by rule “stop”" if latched else "by rule “stop”")
    assert shown.doing.endswith(": 0.3 is above 0.2")
    assert shown.tip.endswith(next_)
    told = health(ProcessesValue((held,)), PulseValue(), rules, "", safe_mode=False)
    assert (told.text, "mine by rule “stop”" in told.tip) == ("1 stopped", True)
    by_you = replace(held, by="user")
    assert not process_line(by_you, Moment({RuleStandings: rules})).troubled


@pytest.mark.parametrize(("by", "told"), [("rule:stop", ": 0.3 is above 0.2"), ("user", "")])
def test_at_rest_one_that_was_still_to_be_paused_says_what_for_and_of_no_checkpoint(by: str, told: str) -> None:
    held = ProcessRow("mine", "trading", State.PAUSING, "until its next checkpoint", by, AGO)
    rules = RulesValue((RuleRow(read("stop"), (stands(AlertState.FIRING),)),))
    shown = process_line(held, Moment({RuleStandings: rules}, live=False, left=True))
    assert shown.doing.endswith(told or clock_time(AGO, START))
    assert "checkpoint" not in shown.doing
    answer = process(Moment({RuleStandings: rules}), held, running=False)
    assert (answer["state"], answer["because"]) == ("paused", told.removeprefix(": "))


def test_a_process_whose_rule_is_armed_again_waits_for_a_person_without_an_alarm() -> None:
    held = ProcessRow("mine", "trading", State.PAUSED, "holds at a checkpoint", "rule:stop", AGO)
    rules = RulesValue((RuleRow(read("stop"), (stands(AlertState.NORMAL, actions=("pause mine", "alert")),)),))
    shown = process_line(held, Moment({RuleStandings: rules}))
    assert (shown.troubled, shown.shape) == (False, "idle")
    assert shown.doing.startswith("resume it to go on; by rule “stop”")
    assert "holds it no more" in shown.tip
    told = health(ProcessesValue((held,)), PulseValue(), rules, "", safe_mode=False)
    assert (told.status, told.text) == (Status.IDLE, "1 to resume")
    other = replace(held, name="other")
    fired = stands(AlertState.FIRING, actions=("pause other", "alert"))
    assert process_line(other, Moment({RuleStandings: RulesValue((RuleRow(read("stop"), (fired,)),))})).stopped
