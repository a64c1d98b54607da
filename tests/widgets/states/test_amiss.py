"""A run that finished and found something amiss does not look idle, anywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.control.readings import PsFields, ps
from app.runtime.desk.frame import health
from services.core.durations import hours
from services.core.process import Process
from services.core.process.context import Context
from services.core.projections.views import View
from services.core.rules.standings import RulesValue
from services.orchestrator.commands import RunNow
from services.orchestrator.events import Result
from services.orchestrator.history.projections import Processes, PulseValue, RunHistory
from services.orchestrator.triggers.trigger import Every
from tests.support.manual_clock import ManualClock
from tests.support.program import Program
from widgets.parts.status import Status
from widgets.states.process_detail import process_detail
from widgets.states.process_lines import process_lines
from widgets.states.process_list import processes_state


class Suite(Process):
    """Finds two tests that fail, until they are mended."""

    red: bool = True

    def run(self, context: Context) -> None:
        context.found_amiss("2 failed" if self.red else "")


@pytest.fixture
def suite() -> Suite:
    return Suite()


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock, suite: Suite) -> Iterator[Program]:
    running = Program(tmp_path, clock).open([Processes(), RunHistory()])
    running.start(suite, "shop", triggers=(Every(hours(1)),), at_once=True)
    yield running
    running.close()


def seen(program: Program) -> View:
    program.advance(0.2)
    program.engine.ask(program.engine.projections.show)
    return program.engine.view


def test_what_is_new_runs_at_once_though_its_schedule_is_far(program: Program) -> None:
    (run,) = seen(program).value(RunHistory).rows
    assert (run.why, run.result, run.detail) == ("it is new here", Result.FINISHED, "2 failed")
    program.restart([Processes(), RunHistory()])
    assert len(seen(program).value(RunHistory).rows) == 1, "it is not new any more"


def test_it_is_amber_and_wants_attention_until_a_run_finds_it_mended(program: Program, suite: Suite) -> None:
    view = seen(program)
    (line,) = process_lines(view)
    assert (line.word, line.shape, line.troubled) == ("Waiting", "warn", True)
    assert line.doing.startswith("Finished: 2 failed · next ")
    assert processes_state(view, "attention").lines[0].doing.startswith("Finished: 2 failed · ")
    detail = process_detail(view, "shop")
    assert detail is not None
    assert (detail.runs[0].result, detail.runs[0].shape) == ("Finished: 2 failed", "warn")
    assert ("Last run", "Finished: 2 failed") in detail.texts
    suite.red = False
    program.tell(RunNow("shop", {}))
    (line,) = process_lines(seen(program))
    assert (line.shape, line.troubled) == ("idle", False)


def test_health_and_ps_tell_it_too(program: Program) -> None:
    view = seen(program)
    found = health(view.value(Processes), PulseValue(), RulesValue(), "", safe_mode=False)
    assert (found.status, found.text, found.tip) == (Status.WARN, "1 amiss", "shop: 2 failed")
    (row,) = ps(view, PsFields(), True, lambda name, last: ())["processes"]
    assert row["amiss"] == "2 failed"
