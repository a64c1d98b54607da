"""Rules as a person writes them into the home, on a program that runs: what fires is really done, or really refused."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from app.control.answers import Answers
from app.control.protocol import Request
from app.program import Program
from app.wiring.rules.asked import unanswered
from app.wiring.rules.rearming import RuleRearmed
from app.wiring.rules.rule_actions import ApplyRule
from services.core.commands import Command, CommandGiven
from services.core.decisions.commands import UndoDecision
from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.decisions.ledger import HeldBack
from services.core.errors import UserError
from services.core.process import State
from services.core.rules.events import RearmRule, RuleMoved, RulesRead
from services.core.rules.standings import RuleStandings, RulesValue
from services.engagement.events import DayMeasured
from services.orchestrator.commands import PauseProcess, ResumeProcess, RunNow
from services.orchestrator.events import ProcessChanged, RunStarted
from services.orchestrator.supervision.holds import HeldByGuard
from tests.support.faulty import stuck_at
from tests.support.own import PATIENCE, Mine
from tests.support.stops import FALLS, done
from tests.support.strategies import strategy_text

ROOT = Path(__file__).parents[4]
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


def rearmings(mine: Mine) -> list[DecisionTaken]:
    return [event for event in mine.events(DecisionTaken) if event.kind == RuleRearmed.type_name]


def test_a_trader_that_falls_too_far_is_paused_until_a_person_arms_the_stop_again(mine: Mine) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    assert mine.unit("mine").paused_by == "rule:drawdown stop"
    (moved,) = mine.events(RuleMoved)
    assert (moved.each, moved.after, moved.actions) == ("mine", "firing", ["pause mine", "alert"])
    assert moved.latched
    mine.until(lambda: done(mine, "Alert for mine, by rule “drawdown stop”"), "it is told")
    by_rules = [event for event in mine.events(DecisionTaken) if event.kind == ApplyRule.type_name]
    undoable = {event.what.split(",")[0]: event.undoable for event in by_rules}
    assert undoable == {"Pause mine": True, "Alert for mine": False}, "what was told cannot be untold"
    mine.until(lambda: any("“drawdown stop” fired for mine: 0." in alert for alert in mine.alerts()), "it is told")
    with pytest.raises(UserError, match="needs a reason"):
        mine.tell(RearmRule("drawdown stop", "mine", " "))
    answers = Answers(mine.running.engine, mine.home)
    fields = {"rule": "drawdown stop", "each": "", "reason": "I looked"}  # it holds one alone
    assert answers(Request("rearm", fields)) == {"rule": "drawdown stop", "each": "mine", "state": "normal"}
    mine.tell(ResumeProcess("mine"))
    mine.until(lambda: len(mine.events(RuleMoved)) == 3, "it fires again")
    mine.sees("mine", State.PAUSED)


def test_arming_again_is_in_the_ledger_with_both_peaks_and_taking_it_back_shuts_the_stop(mine: Mine) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    mine.until(lambda: mine.open_alerts() == ["mine"], "it is told")
    mine.tell(RearmRule("drawdown stop", "mine", "I looked"))
    mine.until(lambda: not mine.open_alerts(), "what it told is over")
    armed = rearmings(mine)[-1]
    assert (armed.what, armed.by, armed.undoable) == ("Re-arm rule “drawdown stop” for mine", "user", True)
    assert isinstance(armed.because, dict)
    assert armed.because["reason"] == "I looked"
    worth = mine.running.engine.view.newest("trading.equity:mine")
    assert armed.evidence["peak from now on"] == worth < armed.evidence["peak until now"]
    assert mine.tell(UndoDecision(armed.id)).done
    mine.sees("mine", State.PAUSED)
    (_, _, shut) = mine.events(RuleMoved)
    assert (shut.after, shut.latched, shut.because) == ("firing", True, "its re-arming was taken back")
    mine.until(lambda: mine.open_alerts() == ["mine"], "it is told anew")
    with pytest.raises(HeldByGuard):
        mine.tell(ResumeProcess("mine"))
    mine.tell(RearmRule("drawdown stop", "mine", "I looked twice"))
    assert rearmings(mine)[-1].because["reason"] == "I looked twice"


@pytest.mark.parametrize("command", [ResumeProcess("mine"), RunNow("mine", {}), ResumeProcess("*")])
def test_what_the_stop_holds_is_let_go_by_nobody_before_it_is_armed_again(mine: Mine, command: Command) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.write("processes/nap.yaml", NAPS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    mine.tell(PauseProcess("nap"))
    with pytest.raises(HeldByGuard, match=r"rule “drawdown stop” has stopped it.* rearm 'drawdown stop' mine --reason"):
        mine.tell(command)
    assert mine.unit("mine").state is State.PAUSED
    others = State.RUNNING if command == ResumeProcess("*") else State.PAUSED
    mine.sees("nap", others)
    mine.tell(RearmRule("drawdown stop", "mine", "I looked"))
    ran = times_running(mine)
    mine.tell(ResumeProcess("mine"))
    mine.until(lambda: times_running(mine) > ran, "it goes on")


def test_the_pause_of_a_stop_cannot_be_undone_around_the_stop(mine: Mine) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    paused = mine.until(lambda: done(mine, "Pause mine, by rule “drawdown stop”"), "the pause is done")
    before = len(mine.events(DecisionChanged))
    first = "re-arm the rule first: on the Rules page, or by dreamscape rearm 'drawdown stop' mine --reason"
    with pytest.raises(HeldBack, match=f"cannot be undone yet: rule “drawdown stop” has stopped it; {first}"):
        mine.tell(UndoDecision(paused))
    assert len(mine.events(DecisionChanged)) == before, "nobody has decided anything"
    answers = Answers(mine.running.engine, mine.home)
    (listed,) = answers(Request("decisions", {"by": "rule", "kind": "rule.apply", "last": 1000}))["decisions"][-1:]
    one = answers(Request("decision", {"id": paused}))["decisions"][0]
    assert (listed["id"], listed["undoable"], one["undoable"]) == (paused, False, False)
    assert first in listed["undo_held"] == one["undo_held"]
    assert answers(Request("decisions", {"by": "you"}))["decisions"] == []
    mine.tell(RearmRule("drawdown stop", "mine", "I looked"))
    assert mine.tell(UndoDecision(paused)).done


def test_a_stop_that_shut_holds_also_a_process_that_comes_back_or_whose_pause_was_cut_short(mine: Mine) -> None:
    path = mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    text = path.read_text()
    path.unlink()
    mine.until(lambda: not mine.knows("mine"), "it is gone")
    mine.write("strategies/trading/mine.yaml", text)
    mine.until(lambda: mine.knows("mine"), "it is back")
    mine.sees("mine", State.PAUSED, "“drawdown stop” has stopped it")
    mine.stop()
    forgotten = "UPDATE processes SET state = 'running', by = 'program' WHERE name = 'mine'"
    with closing(sqlite3.connect(mine.home.store)) as store, store:
        store.execute(forgotten)
    mine.start()
    mine.sees("mine", State.PAUSED, "“drawdown stop” has stopped it")
    assert mine.unit("mine").paused_by == "rule:drawdown stop"


def times_running(mine: Mine) -> int:
    return sum(event.process == "mine" and event.state is State.RUNNING for event in mine.events(ProcessChanged))


def test_a_stop_stays_shut_over_a_restart(mine: Mine) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    mine.stop()
    mine.start()
    assert mine.tell(RearmRule("drawdown stop", "mine", "I looked"))["state"] == "normal"


def test_a_stop_that_nobody_remembers_is_not_shown_as_shut(mine: Mine) -> None:
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    mine.stop()
    with closing(sqlite3.connect(mine.home.store)) as store, store:
        store.execute("UPDATE rule_states SET state = '{'")
    mine.start()
    engine = mine.running.engine
    moved = mine.events(RuleMoved)[-1]
    assert (moved.each, moved.before, moved.after) == ("mine", "firing", "normal")
    engine.ask(engine.projections.show)
    shown: RulesValue = engine.view.value(RuleStandings)
    (subject,) = shown.rows[0].subjects
    assert (subject.alarmed, subject.latched) == (False, False)
    assert any("what the rules remember cannot be read" in alert for alert in mine.alerts())
    mine.sees("mine", State.PAUSED)


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
    path = mine.write("strategies/rules/mine.yaml", on_failure("roll back strategy", "stop auto-apply", "alert"))
    mine.start()
    rules = mine.running.rules
    assert rules is not None
    told = [str(each) for each in rules.reading.undone]
    assert [f"{path}:" in each for each in told] == [True, True], "told when the file is read, with its place"
    assert "nobody carries out 'stop auto-apply'" in told[1]
    (read,) = (read for read in rules.reading.told if read.undone)
    assert read.undone.splitlines() == told
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
    assert "nothing measures 'process.faild'" in str(rules.reading.unheard[0])


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


@pytest.mark.parametrize("restarts", [0, 1])
def test_the_shipped_rules_start_without_a_warning_and_a_dip_of_a_campaign_is_told(
    mine: Mine, caplog: pytest.LogCaptureFixture, restarts: int
) -> None:
    shipped = ROOT / "strategies" / "rules"
    for path in shipped.glob("*.yaml"):
        mine.write(f"strategies/rules/{path.name}", path.read_text())
    mine.start()
    assert mine.running.rules is not None
    assert mine.running.rules.reading.unheard == ()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    tell = [dip(number, value) for number, value in enumerate((-0.2, -3.1, -4.0))]
    mine.running.engine.journal.append(*tell[:2], source="spring").result(PATIENCE)
    for _ in range(restarts):
        mine.stop()
        mine.start()
    mine.running.engine.journal.append(tell[2], source="spring").result(PATIENCE)
    mine.until(lambda: any("“engagement dip” fired for spring" in alert for alert in mine.alerts()), "it is told")
    (moved,) = mine.events(RuleMoved)
    assert (moved.each, moved.before, moved.after) == ("spring", "normal", "firing")


def dip(number: int, deviation: float) -> DayMeasured:
    """A day as the campaign's process tells it."""
    return DayMeasured("spring", "sandbox", True, f"2026-03-{10 + number}", 6, 0.1, 0.3, deviation)


def test_while_a_file_of_rules_is_read_slowly_the_core_goes_on(mine: Mine, monkeypatch: pytest.MonkeyPatch) -> None:
    mine.start()
    rules, engine = mine.running.rules, mine.running.engine
    assert rules is not None
    slow = mine.home.taken / "strategies" / "rules" / "slow.yaml"
    slow.parent.mkdir(parents=True)
    slow.write_text(on_failure("alert"), encoding="utf-8")
    begun, there, read = threading.Event(), threading.Event(), rules.book.read

    def slowly(paths: Iterable[Path]) -> list[UserError]:
        begun.set()
        assert there.wait(PATIENCE)
        return read(paths)

    monkeypatch.setattr(rules.book, "read", slowly)
    reading = threading.Thread(target=rules.reload)
    reading.start()
    assert begun.wait(PATIENCE), "the file is being read"
    assert engine.loop.ask(lambda: "awake").result(PATIENCE) == "awake"
    assert reading.is_alive()
    there.set()
    reading.join(PATIENCE)
    assert [rule.rule for rule in rules.reading.rules] == ["failures"]
    told = mine.events(RulesRead)[-1]
    assert [(rule.rule, rule.file) for rule in told.rules] == [("failures", "slow.yaml")]
