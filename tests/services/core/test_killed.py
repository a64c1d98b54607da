"""The real program is killed with -9 where it hurts: what it acknowledged is there, and nothing is done twice."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.commands import Command, CommandGiven
from services.core.commands.accepted import unfinished
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import Entry, Origin, by_id, by_key
from services.core.journal import Transaction
from services.orchestrator.events import RunStarted
from tests.support.child_program import with_a_trigger
from tests.support.processes import LineWriter, Stepped, WriteLine
from tests.support.program import Program
from tests.support.until import until

ROOT = Path(__file__).parents[3]


def child(home: Path, *words: str, faults: str = "") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.child_program", str(home), *words],
        cwd=ROOT,
        env=os.environ | {"DREAMSCAPE_FAULTS": faults},
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_at(point: str, home: Path, *words: str) -> None:
    """Run the program until it kills itself at a fault point."""
    running = child(home, *words, faults=f"{point}:kill")
    told, _ = running.communicate(timeout=60)
    assert running.returncode == -signal.SIGKILL
    assert told == ""


@contextmanager
def opened(home: Path) -> Iterator[Program]:
    program = Program(home, SystemClock(), {WriteLine: LineWriter()}).open()
    try:
        yield program
    finally:
        program.close()


def standing(program: Program, effect: WriteLine) -> Verdict:
    """Where the decision of an effect stands, once the program has reconciled itself with the outside."""
    assert program.engine.acts.reconcile() == (1, 0)
    return entry_of(program, effect).decision.verdict


def entry_of(program: Program, effect: WriteLine) -> Entry:
    return entry_with(program, lambda tx: by_key(tx, effect.key))


def entry_with(program: Program, find: Callable[[Transaction], Entry | None]) -> Entry:
    found = program.wait(program.engine.journal.write(find))
    assert isinstance(found, Entry)
    return found


def lines(home: Path) -> list[str]:
    path = home / "out.txt"
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize("acknowledged", [60, 900])
def test_all_that_eight_writers_acknowledged_is_there_after_a_kill(tmp_path: Path, acknowledged: int) -> None:
    running = child(tmp_path, "writers")
    assert running.stdout is not None
    told = [running.stdout.readline() for _ in range(acknowledged)]
    running.kill()
    told += running.stdout.read().splitlines()
    running.stdout.close()
    running.wait()
    # The last line may be cut off in the middle of a word: only whole ones were acknowledged.
    words = [line.split(maxsplit=1) for line in told[:-1] if line.strip()]
    assert {kind for kind, _ in words} == {"event", "effect", "decision"}, "something of each was acknowledged"
    with closing(sqlite3.connect(tmp_path / "dreamscape.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    with opened(tmp_path) as program:
        events = {f"{r.seq} {r.event.number}" for r in program.engine.journal.read() if isinstance(r.event, Stepped)}
        assert {rest.strip() for kind, rest in words if kind == "event"} <= events
        for kind, rest in words:
            if kind == "effect":
                assert entry_with(program, partial(by_key, key=rest.strip())).decision.verdict is Verdict.DONE
            elif kind == "decision":
                assert entry_with(program, partial(by_id, identity=rest.strip())).decision.verdict is Verdict.WAITING
    for path in tmp_path.glob("out-*.txt"):
        written = path.read_text().splitlines()
        assert len(written) == len(set(written)), "an effect was carried out twice"


def test_killed_between_intent_and_act_it_is_not_done_and_the_same_cause_does_it_once(tmp_path: Path) -> None:
    killed_at("act.intended", tmp_path, "act")
    effect = WriteLine(str(tmp_path / "out.txt"), "order")
    with opened(tmp_path) as program:
        assert standing(program, effect) is Verdict.NOT_DONE
        assert lines(tmp_path) == []
        assert program.engine.acts.decide(effect, "because", "rule:test").done
        assert program.engine.acts.decide(effect, "because", "rule:test").done
    assert lines(tmp_path) == ["order"]


def test_killed_between_act_and_outcome_it_is_done_and_not_done_again(tmp_path: Path) -> None:
    killed_at("act.carried_out", tmp_path, "act")
    effect = WriteLine(str(tmp_path / "out.txt"), "order")
    with opened(tmp_path) as program:
        assert standing(program, effect) is Verdict.DONE
        assert program.engine.acts.decide(effect, "because", "rule:test").done
    assert lines(tmp_path) == ["order"]


@pytest.mark.parametrize("point, after", [("act.intended", []), ("act.carried_out", ["order"])])
def test_the_same_cause_finds_its_intent_even_before_anything_looked_it_up(
    tmp_path: Path, point: str, after: list[str]
) -> None:
    killed_at(point, tmp_path, "act")
    assert lines(tmp_path) == after
    running = child(tmp_path, "act")
    assert running.communicate(timeout=60)[0] == "outcome done\n"
    assert lines(tmp_path) == ["order"]


@pytest.mark.parametrize(
    "point, verdict, left", [("undo.intended", Verdict.DONE, ["order"]), ("undo.carried_out", Verdict.UNDONE, [])]
)
def test_an_undo_killed_on_its_way_stands_as_the_outside_says(
    tmp_path: Path, point: str, verdict: Verdict, left: list[str]
) -> None:
    effect = WriteLine(str(tmp_path / "out.txt"), "order")
    with opened(tmp_path) as program:
        program.engine.acts.decide(effect, "because", "rule:test")
        identity = entry_of(program, effect).decision.id
    killed_at(point, tmp_path, "undo", identity)
    with opened(tmp_path) as program:
        assert standing(program, effect) is verdict
        assert lines(tmp_path) == left
        if verdict is Verdict.DONE:
            assert program.engine.acts.undo(identity).done
        again = program.engine.acts.decide(effect, "because", "rule:test")
        assert not again.done, "what a person took back is not done again by the same cause"
    assert lines(tmp_path) == []


@pytest.mark.parametrize("point, verdict", [("act.intended", Verdict.NOT_DONE), ("act.carried_out", Verdict.DONE)])
def test_an_approval_killed_on_its_way_stands_as_the_outside_says(tmp_path: Path, point: str, verdict: Verdict) -> None:
    effect = WriteLine(str(tmp_path / "out.txt"), "order")
    with opened(tmp_path) as program:
        identity = program.engine.acts.propose(Origin("process:bot"), Proposal(effect, "because"))
    killed_at(point, tmp_path, "approve", identity)
    with opened(tmp_path) as program:
        assert standing(program, effect) is verdict
    assert lines(tmp_path) == (["order"] if verdict is Verdict.DONE else [])


def went_on(program: Program) -> None:
    """Start as the real program does: settle what is open, then obey what a crash left unobeyed."""
    program.engine.acts.reconcile()
    program.engine.deciding.go_on()
    until(lambda: not unfinished(program.engine.journal, (Command,)))


@pytest.mark.parametrize("point", ["command.accepted", "act.intended", "act.carried_out"])
@pytest.mark.parametrize("command, line", [("approve", "order"), ("edit", "another order")])
def test_an_approval_killed_anywhere_on_its_way_is_obeyed_once_after_the_restart(
    tmp_path: Path, point: str, command: str, line: str
) -> None:
    with opened(tmp_path) as program:
        proposal = Proposal(WriteLine(str(tmp_path / "out.txt"), "order"), "because")
        identity = program.engine.acts.propose(Origin("process:bot", "bot"), proposal)
    killed_at(point, tmp_path, "tell", command, identity)
    for _ in range(2):
        with opened(tmp_path) as program:
            went_on(program)
            assert entry_with(program, partial(by_id, identity=identity)).decision.verdict is Verdict.DONE
            assert [event.command for event in program.events(CommandGiven)] == [f"decision.{command}"]
        assert lines(tmp_path) == [line]


@pytest.mark.parametrize("point", ["command.accepted", "undo.intended", "undo.carried_out"])
def test_an_undo_killed_anywhere_on_its_way_is_obeyed_once_after_the_restart(tmp_path: Path, point: str) -> None:
    effect = WriteLine(str(tmp_path / "out.txt"), "order")
    with opened(tmp_path) as program:
        program.engine.acts.decide(effect, "because", "rule:test")
        identity = entry_of(program, effect).decision.id
    killed_at(point, tmp_path, "tell", "undo", identity)
    with opened(tmp_path) as program:
        went_on(program)
        assert entry_of(program, effect).decision.verdict is Verdict.UNDONE
    assert lines(tmp_path) == []


def test_a_rejection_killed_before_it_was_obeyed_is_obeyed_after_the_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as program:
        proposal = Proposal(WriteLine(str(tmp_path / "out.txt"), "order"), "because")
        identity = program.engine.acts.propose(Origin("process:bot", "bot"), proposal)
    killed_at("command.accepted", tmp_path, "tell", "reject", identity)
    with opened(tmp_path) as program:
        went_on(program)
        decision = entry_with(program, partial(by_id, identity=identity)).decision
        assert (decision.verdict, decision.why) == (Verdict.REJECTED, "not today")
    assert lines(tmp_path) == []


def runs_of_the_trigger(home: Path) -> list[str]:
    """Why the process that waits for an event ran, once the program has come up again and is at rest."""
    program = with_a_trigger(Program(home, SystemClock())).open()
    until(lambda: not program.unit().runs)
    whys = [event.why for event in program.events(RunStarted)]
    program.close()
    return whys


def test_an_event_that_was_committed_right_before_a_kill_starts_its_run_once_after_the_restart(tmp_path: Path) -> None:
    killed_at("trigger.matched", tmp_path, "dig")
    assert runs_of_the_trigger(tmp_path) == ["on test.worked word==dig"]
    assert runs_of_the_trigger(tmp_path) == ["on test.worked word==dig"]


def test_an_event_that_had_its_run_before_the_kill_starts_none_after_it(tmp_path: Path) -> None:
    running = child(tmp_path, "dig")
    assert running.stdout is not None
    assert running.stdout.readline() == "ran\n"
    running.kill()
    running.stdout.close()
    running.wait()
    assert runs_of_the_trigger(tmp_path) == ["on test.worked word==dig"]
