"""What is told of runs: progress with the time left, beats from the work loop, and a history of every run."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.core.durations import minutes, seconds
from services.core.events import Recorded
from services.core.process import Process, State
from services.core.process.context import Context
from services.orchestrator.commands import CancelProcess, PauseProcess, RunNow
from services.orchestrator.events import AS_IT_WAS, ProcessChanged, Result
from services.orchestrator.history.projections import Processes, RunHistory, progress_of
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Job
from tests.support.hands import NOON
from tests.support.manual_clock import START, ManualClock
from tests.support.program import Program


@pytest.fixture
def seen(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    """A program whose history can be looked at."""
    running = Program(tmp_path, clock).open([RunHistory(), Processes()])
    yield running
    running.close()


class Sweeps(Process):
    """Goes through ``range(items)``, two seconds each."""

    heartbeat = seconds(5)
    items: int = 100

    def run(self, context: Context) -> None:
        for _ in context.track(range(self.items), doing="sweeping"):
            context.wait(2, "the broom")


def test_progress_tells_how_far_it_is_and_how_long_it_will_take(program: Program) -> None:
    program.start(Sweeps)
    program.advance(41.5)
    (run,) = program.unit().runs.values()
    progress = run.control.progress
    assert (progress.done, progress.total, progress.doing) == (20, 100, "sweeping")
    assert progress.eta == pytest.approx(160, abs=1)
    assert progress.fraction == pytest.approx(0.2)
    assert program.engine.view.newest("progress:bot") == pytest.approx(0.2)


def test_what_a_run_said_and_how_far_it_came_are_over_with_it(seen: Program) -> None:
    seen.start(Sweeps, parameters={"items": 2})
    seen.advance(3.5)  # in the second item, and the second that it began in is over
    assert _now_of(seen) == ("waiting for the broom", 0.5)
    seen.advance(10)
    assert _now_of(seen) == ("", None)
    seen.tell(RunNow("bot", {}))
    seen.advance(1.2)
    assert _now_of(seen) == ("waiting for the broom", 0.0), "and not the end of the run before"
    seen.tell(PauseProcess("bot"))
    seen.advance(3)
    assert _now_of(seen) == ("", 0.0), "it holds, and does nothing"


def _now_of(seen: Program) -> tuple[str, float | None]:
    view = seen.engine.view
    (row,) = view.value(Processes).rows
    return row.doing_now, progress_of(view, row)


def test_beats_come_from_the_work_and_end_with_it(program: Program) -> None:
    program.start(Sweeps)
    program.advance(20)
    (run,) = program.unit().runs.values()
    assert program.clock.monotonic() - run.control.beat_at <= 1
    assert len(run.control.gaps) >= 10


def test_the_history_tells_of_each_run_why_it_began_and_how_it_ended(seen: Program) -> None:
    seen.start(Job, triggers=(Every(minutes(1)),))
    seen.advance(minutes(1) + seconds(10))
    seen.advance(minutes(1) - seconds(9))
    seen.tell(CancelProcess("bot"))
    seen.advance(1)
    newest, oldest = seen.engine.view.value(RunHistory).of("bot")
    assert (oldest.epoch, oldest.why, oldest.result, oldest.seconds) == (1, "every 1m", Result.FINISHED, 3.0)
    assert oldest.started == START + minutes(1)
    assert (newest.epoch, newest.result) == (2, Result.CANCELLED)


def test_the_history_outlives_the_program_and_tells_what_was_lost(seen: Program) -> None:
    seen.start(Job, parameters={"length": 1})
    seen.advance(3)
    seen.restart([RunHistory(), Processes()])
    seen.tell(RunNow("bot", {}))
    seen.advance(3)
    rows = seen.engine.view.value(RunHistory).of("bot")
    assert [(row.epoch, row.result) for row in rows] == [(2, Result.FINISHED), (1, Result.FINISHED)]


def test_a_pause_that_outlasts_an_approval_is_told_since_it_began() -> None:
    projection = Processes()
    for minute, state, because in (
        (0, State.RUNNING, ""),
        (1, State.PAUSED, "told by you"),
        (2, State.WAITING, "for its plug-in to be approved"),
        (3, State.PAUSED, AS_IT_WAS),
    ):
        moved = ProcessChanged("bot", "user", state, because, "user", 0)
        projection.fold(Recorded(minute + 1, NOON + timedelta(minutes=minute), "bot", moved))
    row = projection.value().named("bot")
    assert row is not None
    assert row.since == NOON + timedelta(minutes=1)
