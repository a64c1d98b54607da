"""The engine put together: what one part does wrong is told, and the others go on."""

import itertools
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.paths import Home
from app.program import Program as WholeProgram
from app.secrets import Secrets
from services.core import faults
from services.core.clock import SystemClock
from services.core.events import Recorded
from services.core.events.bus import Bus
from services.core.journal import Transaction
from services.core.process import Process, State
from services.core.process.context import Context
from services.orchestrator.events import Alert
from tests.support.bots import Job
from tests.support.program import Program
from tests.support.until import until

T = TypeVar("T")


def test_a_subscriber_that_keeps_raising_is_given_up_with_an_alert(tmp_path: Path) -> None:
    program = Program(tmp_path).open()
    heard: list[Recorded] = []

    def broken(batch: Sequence[Recorded]) -> None:
        raise KeyError("no such row")

    program.engine.bus.subscribe("broken page", broken)
    program.engine.bus.subscribe("sound page", heard.extend)
    for number in range(Bus.PATIENCE):
        program.wait(program.engine.journal.append(Alert(f"number {number}", "a test")))
        program.settle()
    told = [alert for alert in program.events(Alert) if alert.about == "broken page"]
    assert len(told) == 1
    assert "no such row" in told[0].what
    assert len(heard) >= Bus.PATIENCE
    program.close()


@pytest.mark.parametrize("point", ["engine.restored", "engine.writes"])
def test_what_fails_halfway_leaves_nothing_open_and_can_be_tried_again(tmp_path: Path, point: str) -> None:
    before = set(threading.enumerate())

    def fail() -> None:
        raise OSError("the disk is gone")

    faults.arm(point, fail)
    try:
        with pytest.raises(OSError, match="the disk is gone"):
            Program(tmp_path, SystemClock()).open()
    finally:
        faults.arm(point, None)
    assert set(threading.enumerate()) <= before
    Program(tmp_path, SystemClock()).open().close()
    assert set(threading.enumerate()) <= before


def test_the_end_does_not_wait_for_a_store_that_takes_no_writes_and_says_so(tmp_path: Path) -> None:
    program = Program(tmp_path, SystemClock()).open()
    program.start(Job, parameters={"length": 600})
    until(lambda: program.state_of() is State.RUNNING)
    with closing(sqlite3.connect(tmp_path / "dreamscape.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        program.engine.patience = 1.0
        closed = program.close()
    assert not closed.flushed
    again = Program(tmp_path, SystemClock()).open()
    assert again.engine.lost == [("bot", 1)], "the next start finds what could not be written"
    again.close()


class Watched(SystemClock):
    """Remembers how long somebody was ready to wait for something."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def result(self, future: "Future[T]", timeout: float | None = None) -> T:
        if timeout is not None:
            self.waits.append(timeout)
        return super().result(future, timeout)


class Writes(Process):
    """Keeps something all the time, and waits until it is on disk."""

    def run(self, context: Context) -> None:
        for number in itertools.count():
            context.checkpoint({"number": number, "words": "x" * 5_000})


def test_a_full_store_gets_no_more_time_at_the_end_than_the_runs_that_wait_for_it(tmp_path: Path) -> None:
    clock = Watched()
    program = Program(tmp_path, clock).open()
    program.engine.patience = 0.5

    def narrow(tx: Transaction) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")

    program.engine.journal.write(narrow).result()
    program.start(Writes())
    program.engine.journal.append(*(Alert("x" * 5_000, "a test") for _ in range(40)))
    until(lambda: "full" in program.engine.journal.health.trouble)
    closed = program.close()
    assert (closed.killed, closed.flushed) == (("bot",), False)
    assert clock.waits == [0.0], "the store had its time while the runs had theirs"
    assert program.engine.orchestrator.running() == [], "a store that is given up lets go of who waits for it"


def test_a_step_of_the_start_that_failed_halfway_listens_once_when_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.wiring.own_files.files.DEFAULTS", tmp_path)
    program = WholeProgram(Home(tmp_path / "home", "a test"), {}, secrets=Secrets({}, NoKeyring))
    points = {"Reconciled": "start.reconciling", "Processes": "start.rules"}

    def fail() -> None:
        raise OSError("the disk is gone")

    for step in program.steps():
        if step.name in points:
            faults.arm(points[step.name], fail)
            with pytest.raises(OSError, match="the disk is gone"):
                step.act()
            faults.arm(points[step.name], None)
        step.act()
    listening = [subscription.name for subscription in program.engine.bus._subscriptions]
    assert sorted(listening) == sorted({*listening})
    assert {"triggers", "concerns", "rules"} <= {*listening}
    assert (len(program.engine.on_rollups), len(program.engine.each_second)) == (1, 2)
    program.close()
