"""Rules as a person writes them into the home, on a program that runs: what fires is really done, or really refused."""

import json

import pytest

from app.control.answers import Answers
from app.control.protocol import Request
from app.program import Program
from app.wiring.asked import unanswered
from app.wiring.rule_actions import ApplyRule
from app.wiring.rules import RearmRule, RuleMoved
from services.core.commands import CommandGiven
from services.core.decision import Verdict
from services.core.errors import UserError
from services.core.ledger import DecisionChanged, DecisionTaken
from services.core.process import State
from services.orchestrator.commands import ResumeProcess
from services.orchestrator.events import RunStarted
from tests.support.faulty import stuck_at
from tests.support.own import Mine
from tests.support.strategies import strategy_text

FALLS = """
- rule: drawdown stop
  metric: trading.drawdown
  each: trader
  statistic: last
  fire: {above: 0.0001}
  latched: true
  then: [pause each, alert]
"""
FAILS = "kind: script\nwith: {command: [sh, -c, 'exit 3']}\n"
NAPS = "kind: script\nwith: {command: [sleep, '1000']}\n"


def on_failure(*actions: str) -> str:
    return (
        "- rule: failures\n  metric: process.failed\n  each: process\n"
        f"  fire: {{above: 0.5}}\n  then: {json.dumps(list(actions))}\n"
    )


def outcomes(mine: Mine) -> dict[str, DecisionChanged]:
    """What became of the acts of rules, by the verb they asked for."""
    verbs = {event.id: event.what for event in mine.events(DecisionTaken) if event.kind == ApplyRule.type_name}
    settled = [event for event in mine.events(DecisionChanged) if event.id in verbs]
    return {verbs[event.id].split(",")[0]: event for event in settled}


def test_a_trader_that_falls_too_far_is_paused_until_a_person_arms_the_stop_again(mine: Mine) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    assert mine.unit("mine").paused_by == "rule:drawdown stop"
    (moved,) = mine.events(RuleMoved)
    assert (moved.each, moved.after, moved.actions) == ("mine", "firing", ["pause mine", "alert"])
    mine.until(lambda: any("“drawdown stop” fired for mine: 0." in alert for alert in mine.alerts()), "it is told")
    with pytest.raises(UserError, match="needs a reason"):
        mine.tell(RearmRule("drawdown stop", "mine", " "))
    answers = Answers(mine.running.engine, mine.home)
    fields = {"rule": "drawdown stop", "each": "mine", "reason": "I looked"}
    assert answers(Request("rearm", fields)) == {"rule": "drawdown stop", "each": "mine", "state": "normal"}
    mine.tell(ResumeProcess("mine"))
    mine.until(lambda: len(mine.events(RuleMoved)) == 3, "it fires again")
    mine.sees("mine", State.PAUSED)


def test_a_stop_stays_shut_over_a_restart(mine: Mine) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    mine.stop()
    mine.start()
    assert mine.tell(RearmRule("drawdown stop", "mine", "I looked"))["state"] == "normal"


@pytest.mark.parametrize("point", ["rule.fired", "act.intended", "act.carried_out"])
def test_what_a_rule_asked_for_is_done_once_though_a_crash_came_between(mine: Mine, point: str) -> None:
    mine.write("strategies/rules/mine.yaml", on_failure("pause nap"))
    mine.write("processes/nap.yaml", NAPS)
    mine.start()
    mine.sees("nap", State.RUNNING)
    with stuck_at(point) as stuck:
        mine.write("processes/bad.yaml", FAILS)
        stuck.wait()
        mine.stop()
    mine.start()
    mine.sees("nap", State.PAUSED)
    mine.until(lambda: not unanswered(mine.running.engine.journal), "it is told to be done")
    given = [event.command for event in mine.events(CommandGiven) if event.fields["process"] == "nap"]
    assert given == ["process.pause"]
    assert outcomes(mine)["Pause nap for bad"].verdict is Verdict.DONE


def test_what_nobody_can_do_is_refused_and_not_told_as_done(mine: Mine) -> None:
    mine.write("strategies/rules/mine.yaml", on_failure("roll back strategy", "stop auto-apply", "alert"))
    mine.start()
    mine.write("processes/bad.yaml", FAILS)
    seen = mine.until(lambda: len(found := outcomes(mine)) == 3 and found, "all three are settled")
    assert {what: change.verdict for what, change in seen.items()} == {
        "Roll back strategy for bad": Verdict.NOT_DONE,
        "Stop auto-apply for bad": Verdict.NOT_DONE,
        "Alert for bad": Verdict.DONE,
    }
    assert "nothing applies patches" in seen["Stop auto-apply for bad"].why


def test_a_rule_restarts_runs_and_reports(mine: Mine) -> None:
    mine.write("processes/nap.yaml", NAPS)
    mine.write("strategies/rules/mine.yaml", on_failure("restart nap", "report"))
    mine.start()
    mine.sees("nap", State.RUNNING)
    mine.write("processes/bad.yaml", FAILS)
    mine.until(lambda: len([run for run in mine.events(RunStarted) if run.process == "nap"]) == 2, "nap runs again")
    mine.until(lambda: any(run.process == "weekly-review" for run in mine.events(RunStarted)), "the review runs")
    mine.sees("nap", State.RUNNING)


def test_a_rule_that_is_changed_holds_at_once_and_one_with_a_mistake_keeps_its_last_good_version(mine: Mine) -> None:
    path = mine.write("strategies/rules/mine.yaml", on_failure("alert"))
    mine.start()

    def wanted() -> list[str]:
        rules = mine.running.rules
        return [str(action) for rule in rules.book.rules for action in rule.then] if rules else []

    mine.write("strategies/rules/mine.yaml", on_failure("report"))
    mine.until(lambda: wanted() == ["report"], "the new version holds")
    mine.write("strategies/rules/mine.yaml", on_failure("reprt"))
    mine.until(lambda: any(f"{path}:5" in alert for alert in mine.alerts()), "the mistake is told with its line")
    assert wanted() == ["report"]


def test_a_rule_over_a_metric_that_nobody_measures_is_told(mine: Mine) -> None:
    mine.write("strategies/rules/mine.yaml", on_failure("alert").replace("process.failed", "process.faild"))
    mine.start()
    rules = mine.running.rules
    assert rules is not None
    assert "nothing measures 'process.faild'" in str(rules.unheard[0])


def test_a_window_half_full_is_filled_on_after_a_restart(mine: Mine) -> None:
    patient = "window: {last: 9}\n  fire: {above: 0.5, samples: 9}"
    mine.write("strategies/rules/mine.yaml", on_failure("alert").replace("fire: {above: 0.5}", patient))
    mine.write("processes/bad.yaml", FAILS)
    mine.start()
    mine.until(lambda: remembered(mine.running), "a failure is seen")
    mine.stop()
    (mine.home.processes / "bad.yaml").unlink()
    mine.start()
    assert remembered(mine.running) > 0
    assert mine.events(RuleMoved) == []


def remembered(program: Program) -> int:
    """How many values of ``bad`` the rule has seen."""
    assert program.rules is not None
    return next((standing.evidence.n for standing in program.rules.standings() if standing.each == "bad"), 0)
