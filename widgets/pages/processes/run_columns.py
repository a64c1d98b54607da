"""The columns of a process's run history."""

from __future__ import annotations

from widgets.parts.status import Status
from widgets.parts.table import Cell, CellAction, Column
from widgets.states.process_detail import RunLine

OPEN = CellAction("open", "", "chevron_right", "Open this run (Enter)")


def _why(run: RunLine) -> Cell:
    told = f"{run.why} · {run.detail}" if run.detail and not run.result.endswith(run.detail) else run.why
    return Cell(told, "tx1", tip=told)


RUN_COLUMNS = (
    Column[RunLine](
        "when", "Started", lambda run: Cell(run.when, "tx1", tip=run.exactly), 78, sort=lambda run: run.started
    ),
    Column[RunLine]("result", "Result", lambda run: Cell(run.result, status=Status(run.shape)), 130, least=104),
    Column[RunLine]("took", "Took", lambda run: Cell(run.took, "tx1"), 62, align="right", sort=lambda run: run.seconds),
    Column[RunLine]("why", "Why", _why, stretch=True),
    Column[RunLine]("open", "", lambda _run: Cell(actions=(OPEN,)), 44, sort=lambda run: run.epoch),
)
