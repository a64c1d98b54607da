import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.control import reached
from app.control.answers import Answers, Hooks
from app.control.protocol import Document, Request
from app.paths import Home
from app.wiring.projections import all_projections
from services.core.clock import SystemClock
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import NoSuchDecision, NotWaiting, Origin
from services.core.durations import hours, seconds
from services.core.effects.dealings import NoHandler
from services.core.errors import UserError
from services.core.journal import Transaction
from services.core.process import ConfigurationFault, Isolation, Process, State
from services.core.process.context import Context
from services.core.store.backup import check
from services.orchestrator.commands import NoSuchProcess, NotNow
from services.orchestrator.definitions.file_events import FileGone, FileRefused, Mistake
from services.orchestrator.events import Alert
from services.orchestrator.triggers.trigger import Every
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, Steps, WriteLine
from tests.support.program import Program
from tests.support.until import until

Told = Callable[..., Document]


class Patient(Process):
    """Reaches a checkpoint each five seconds; between two it hears nothing."""

    heartbeat = seconds(60)

    def run(self, context: Context) -> None:
        for number in range(1_000):
            context.progress(number, 1_000, f"part {number}")
            context.checkpoint()
            context.clock.wakeup().wait(5)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def program(home: Home, clock: ManualClock) -> Iterator[Program]:
    running = Program(home.root, clock, {WriteLine: LineWriter()}).open(all_projections())
    yield running
    running.close()


@pytest.fixture
def tell(program: Program, home: Home) -> Told:
    answers = Answers(program.engine, home)

    def told(do: str, **fields: Any) -> Document:
        answer = answers(Request(do, fields))
        program.settle()
        return answer

    return told


def state_of(answer: Document, name: str = "bot") -> str:
    (row,) = [row for row in answer["processes"] if row["name"] == name]
    state: str = row["state"]
    return state


def propose(program: Program, path: Path, line: str = "one") -> str:
    identity = program.engine.acts.propose(
        Origin("process:bot"), Proposal(WriteLine(str(path), line), because={"score": 0.9})
    )
    program.advance(0.1)
    return identity


def test_a_pause_is_told_as_pausing_until_the_checkpoint_is_reached(program: Program, tell: Told) -> None:
    program.start(Patient())
    program.advance(1)
    assert state_of(tell("pause", process="bot")) == "pausing"
    program.advance(10)
    assert state_of(tell("ps")) == "paused"
    assert state_of(tell("resume", process="bot")) == "running"


@pytest.mark.skipif(sys.platform == "win32", reason="suspends a child by a signal")
def test_a_run_that_does_not_yet_go_on_is_told_as_resuming(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reached, "PATIENCE", 0.2)
    program = Program(home.root, SystemClock(), {WriteLine: LineWriter()}).open(all_projections())
    parameters = {"path": str(tmp_path / "out"), "upto": 1_000, "pace": 0.1}
    program.start(Steps, isolation=Isolation.PROCESS, parameters=parameters, modules=("tests.support.processes",))
    until(lambda: program.state_of() is State.RUNNING)
    program.pause()
    until(lambda: program.state_of() is State.PAUSED)
    (run,) = program.unit().runs.values()
    child = run.runner._runner.pid  # type: ignore[attr-defined]
    os.kill(child, signal.SIGSTOP)
    answers = Answers(program.engine, home)
    assert state_of(answers(Request("resume", {"process": "bot"}))) == "resuming"
    os.kill(child, signal.SIGCONT)
    until(lambda: state_of(answers(Request("resume", {"process": "bot"}))) == "running")
    program.close()


def test_a_command_that_the_store_does_not_take_is_told_and_done_once_it_does(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.control.answers.TROUBLE_PATIENCE", 0.3)
    program = Program(home.root, SystemClock()).open(all_projections())
    program.start(Patient, triggers=(Every(hours(1)),))
    with closing(sqlite3.connect(home.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match=r"not on disk yet, for the store takes no writes \(database is locked\)"):
            Answers(program.engine, home)(Request("pause", {"process": "bot"}))
        other.execute("ROLLBACK")
    until(lambda: State.PAUSED in program.states())
    program.close()


def test_ps_tells_of_a_full_disk_at_once_and_no_more_once_there_is_room(home: Home) -> None:
    program = Program(home.root, SystemClock()).open(all_projections())
    program.start(Patient)
    journal, answers = program.engine.journal, Answers(program.engine, home)
    until(lambda: [each["state"] for each in answers(Request("ps", {}))["processes"]] == ["running"])

    def narrow(tx: Transaction) -> Any:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
        return tx.connection.connection.driver_connection

    connection = program.wait(journal.write(narrow))
    waits = journal.append(Alert("x" * 100_000, "a test"))
    until(lambda: "full" in journal.health.trouble)
    for asked in ("", "bot"):
        (alert,) = answers(Request("ps", {"process": asked}))["alerts"]
        assert "the store does not take writes: database or disk is full" in alert["what"]
        assert "free some room" in alert["what"]
        assert alert["what"].endswith("Samples are not kept until then")
        assert alert["about"] == str(home.store)
    assert not waits.done()
    connection.execute("PRAGMA max_page_count=100000")
    program.wait(waits)
    until(lambda: [each["about"] for each in answers(Request("ps", {}))["alerts"]] == ["a test"])
    program.close()


def test_samples_that_cannot_be_written_are_told_at_once_and_no_more_once_they_can(
    program: Program, home: Home, tell: Told
) -> None:
    samples, aside = home.samples, home.root / "aside"

    def lost() -> list[str]:
        return [each["what"] for each in tell("ps")["alerts"] if each["about"] == "samples"]

    samples.rename(aside)
    samples.write_text("no folder")
    program.engine.samples.put("a test", 1)
    program.advance(2)
    (told,) = lost()
    assert "samples are not kept" in told
    assert f"free some room there, or see that {samples} can be written" in told
    samples.unlink()
    aside.rename(samples)
    program.restart(all_projections())
    told = Answers(program.engine, home)(Request("ps", {}))["alerts"][0]["what"]
    assert "samples are not kept" in told, "none has been kept since"
    program.engine.samples.put("a test", 2)
    program.advance(2)
    assert Answers(program.engine, home)(Request("ps", {}))["alerts"] == []


def test_all_processes_are_paused_at_once(program: Program, tell: Told) -> None:
    program.start(Patient(), "one")
    program.start(Patient(), "two")
    program.advance(1)
    answer = tell("pause", process="*")
    assert {row["name"]: row["state"] for row in answer["processes"]} == {"one": "pausing", "two": "pausing"}


def test_ps_tells_what_a_process_does_and_how_far_it_is(program: Program, tell: Told) -> None:
    program.start(Patient())
    program.advance(11)
    (row,) = tell("ps")["processes"]
    assert row["name"] == "bot"
    assert row["service"] == "system"
    assert row["doing"].startswith("part")
    assert row["restarts"] == 0
    assert 0 < row["progress"] < 1


def test_one_process_is_told_with_its_runs(program: Program, tell: Told) -> None:
    program.start(Patient())
    program.advance(1)
    tell("cancel", process="bot")
    program.advance(10)
    answer = tell("ps", process="bot")
    assert [run["result"] for run in answer["runs"]] == ["cancelled"]
    assert state_of(answer) == "stopped"
    with pytest.raises(NoSuchProcess, match="no process is called 'bat'; did you mean 'bot'"):
        tell("ps", process="bat")


def test_a_stopped_process_runs_now_when_told(program: Program, tell: Told) -> None:
    program.start(Patient())
    program.advance(1)
    tell("cancel", process="bot")
    program.advance(10)
    assert state_of(tell("run-now", process="bot", overrides={})) == "starting"


def test_what_cannot_be_done_now_is_refused_with_its_reason(program: Program, tell: Told) -> None:
    program.start(Patient())
    program.advance(1)
    with pytest.raises(NoSuchProcess, match="did you mean 'bot'"):
        tell("pause", process="bott")
    with pytest.raises(NotNow, match="no next time to skip"):
        tell("skip-next", process="bot")


def test_parameters_that_the_next_run_would_fail_on_are_refused_now(
    program: Program, tell: Told, tmp_path: Path
) -> None:
    program.start(Steps, "steps", parameters={"path": str(tmp_path / "out"), "upto": 0})
    with pytest.raises(ConfigurationFault, match="upto"):
        tell("set", process="steps", parameters={"upto": "many"}, once=False)
    with pytest.raises(ConfigurationFault, match="speed"):
        tell("run-now", process="steps", overrides={"speed": 1})
    assert tell("set", process="steps", parameters={"upto": 3}, once=False)["parameters"] == {"upto": 3}
    assert program.unit("steps").settings == {"upto": 3}


def test_a_request_with_wrong_fields_is_refused(tell: Told) -> None:
    with pytest.raises(UserError, match="process"):
        tell("pause", process=3)
    with pytest.raises(UserError, match="does not know 'dance'"):
        tell("dance")
    with pytest.raises(UserError, match="last"):
        tell("decisions", last=0)


def test_an_approval_is_carried_out_and_told_with_its_outcome(program: Program, tell: Told, tmp_path: Path) -> None:
    identity = propose(program, tmp_path / "out")
    (item,) = tell("inbox")["items"]
    assert (item["id"], item["what"], item["because"]) == (identity, "Write 'one'", {"score": 0.9})
    (decision,) = tell("approve", id=identity[:6])["decisions"]
    assert decision["verdict"] == "done"
    assert decision["outcome"] == {"written": "one"}
    assert (tmp_path / "out").read_text() == "one\n"
    assert tell("inbox")["items"] == []


def test_a_draft_is_edited_before_it_is_carried_out(program: Program, tell: Told, tmp_path: Path) -> None:
    identity = propose(program, tmp_path / "out")
    with pytest.raises(UserError, match=r"path: it cannot be edited\. Of this only line can be"):
        tell("edit", id=identity, changes={"path": "elsewhere"})
    assert tell("decision", id=identity)["decisions"][0]["editable"] == ["line"]
    tell("edit", id=identity, changes={"line": "better"})
    assert (tmp_path / "out").read_text() == "better\n"


def test_a_rejection_keeps_its_reason_and_an_undo_takes_back(program: Program, tell: Told, tmp_path: Path) -> None:
    first, second = propose(program, tmp_path / "out"), propose(program, tmp_path / "out", "two")
    (rejected,) = tell("reject", id=first, why="too early")["decisions"]
    assert (rejected["verdict"], rejected["why"]) == ("rejected", "too early")
    tell("approve", id=second)
    (undone,) = tell("undo", id=second)["decisions"]
    assert (undone["verdict"], undone["undoable"]) == ("undone", False)
    assert (tmp_path / "out").read_text() == ""
    told = tell("decisions", last=5)["decisions"]
    assert {row["id"]: row["verdict"] for row in told} == {first: "rejected", second: "undone"}


def test_what_nobody_can_carry_out_any_more_goes_on_waiting(program: Program, tell: Told, tmp_path: Path) -> None:
    identity = propose(program, tmp_path / "out")
    handler = program.engine.acts.handlers.pop(WriteLine)
    with pytest.raises(NoHandler, match="write_line"):
        tell("approve", id=identity)
    assert [item["verdict"] for item in tell("inbox")["items"]] == ["waiting"]
    program.engine.acts.handlers[WriteLine] = handler
    assert tell("approve", id=identity)["decisions"][0]["verdict"] == "done"


def test_a_decision_that_is_not_there_or_does_not_wait_is_refused(program: Program, tell: Told, tmp_path: Path) -> None:
    identity = propose(program, tmp_path / "out")
    with pytest.raises(NoSuchDecision):
        tell("approve", id="nope")
    tell("reject", id=identity, why="")
    with pytest.raises(NotWaiting, match="is rejected"):
        tell("approve", id=identity)


def test_a_backup_is_a_sound_store_and_overwrites_nothing(program: Program, tell: Told, tmp_path: Path) -> None:
    answer = tell("backup", file=str(tmp_path / "copy.db"))
    check(Path(answer["path"]))
    with pytest.raises(UserError, match="exists already"):
        tell("backup", file=str(tmp_path / "copy.db"))
    with pytest.raises(UserError, match="nowhere: there is no such folder"):
        tell("backup", file=str(tmp_path / "nowhere" / "copy.db"))
    assert not (tmp_path / "nowhere").exists()
    assert Path(tell("backup", file="")["path"]).parent == program.folder / "backups"


def test_the_window_is_shown_and_the_end_begun_where_there_is_one(program: Program, home: Home, tell: Told) -> None:
    assert tell("show")["shown"] is False
    with pytest.raises(UserError, match="cannot be told to quit"):
        tell("quit")
    asked: list[str] = []
    hooked = Answers(program.engine, home, Hooks(lambda: asked.append("show"), lambda: asked.append("quit")))
    assert hooked(Request("show"))["shown"] is True
    assert hooked(Request("quit"))["quit"] is True
    assert asked == ["show", "quit"]


SCRIPT = "kind: script\nwith: {command: [python3, -c, 'import time; time.sleep(60)']}\n"


def test_an_added_process_has_its_file_and_runs_and_a_removed_one_is_gone(
    program: Program, home: Home, tell: Told
) -> None:
    answer = tell("process-add", name="hello", text=SCRIPT + "schedule: [{every: 1h}]\n")
    assert Path(answer["path"]) == home.processes / "hello.yaml"
    assert state_of(answer, "hello") == "waiting"
    with pytest.raises(UserError, match="called 'hello' already"):
        tell("process-add", name="hello", text=SCRIPT)
    assert tell("process-remove", name="hello")["processes"] == []
    assert not (home.processes / "hello.yaml").exists()
    assert tell("ps")["processes"] == []


def test_a_mistaken_definition_is_refused_with_its_place_and_leaves_no_file(
    program: Program, home: Home, tell: Told
) -> None:
    with pytest.raises(UserError, match=r"process hello:1:7.*scripp"):
        tell("process-add", name="hello", text="kind: scripp\n")
    with pytest.raises(UserError, match=r"cannot be called '\.\./hello': a name has letters"):
        tell("process-add", name="../hello", text=SCRIPT)
    assert list(home.processes.iterdir()) == []


def test_only_what_was_added_can_be_removed(program: Program, tell: Told) -> None:
    program.start(Patient())
    with pytest.raises(UserError, match="no process called 'bot' was added"):
        tell("process-remove", name="bot")


def test_a_mistake_is_told_until_its_file_is_mended_and_with_its_process_alone(program: Program, tell: Told) -> None:
    program.start(Patient, name="bot")
    mistake = Mistake("it has a mistake", "processes/old.yaml:1:1", "mend it")
    journal = program.engine.journal
    journal.append(FileRefused("processes/old.yaml", "2", [mistake]))
    journal.append(Alert("processes/old.yaml:1:1: it has a mistake.", "processes/old.yaml"))
    program.advance(1)
    assert [alert["about"] for alert in tell("ps")["alerts"]] == ["processes/old.yaml"]
    assert tell("ps", process="bot")["alerts"] == []
    journal.append(FileGone("processes/old.yaml", ""))
    program.advance(1)
    assert tell("ps")["alerts"] == []
