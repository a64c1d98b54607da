"""The columns of the list of processes and of a process's run history."""

from __future__ import annotations

from widgets.pages.processes.detail import RunLine
from widgets.pages.processes.state import Listed
from widgets.parts.status import Status
from widgets.parts.table import Cell, CellAction, Column
from widgets.states.process_lines import ProcessLine

OPEN = CellAction("open", "", "chevron_right", "Open this run")
_TROUBLED_ROLES = {Status.BAD: "bad", Status.WARN: "warn"}


def _state(row: Listed) -> Cell:
    role = _TROUBLED_ROLES.get(Status(row.line.shape), "tx0")
    return Cell(row.note or row.line.word, "tx1" if row.note else role, tip=row.line.tip)


def _progress(line: ProcessLine) -> Cell:
    if line.progress is None or not line.runs:
        return Cell("—", "tx2")
    return Cell(f"{line.progress:.0%}", progress=line.progress, progress_role=service_role(line.service))


def _restarts(line: ProcessLine) -> Cell:
    return Cell(f"{line.restarts:,}", "bad" if line.troubled and line.restarts else "tx2")


def service_role(service: str) -> str:
    """The colour role of a service; what is no one of the four is set in secondary text."""
    return service if service in ("engagement", "trading", "debugger", "content") else "tx1"


COLUMNS = (
    Column[Listed]("name", "Name", lambda row: Cell(row.name, status=Status(row.line.shape), tip=row.name), 160),
    Column[Listed](
        "service", "Service", lambda row: Cell(row.line.service.capitalize(), service_role(row.line.service)), 88
    ),
    Column[Listed]("state", "State", _state, 82),
    Column[Listed]("doing", "Doing now", lambda row: Cell(row.doing, "tx1", tip=row.line.tip), stretch=True),
    Column[Listed](
        "progress", "Progress", lambda row: _progress(row.line), 116, sort=lambda row: row.line.progress or -1.0
    ),
    Column[Listed](
        "restarts", "Restarts", lambda row: _restarts(row.line), 62, align="right", sort=lambda row: row.line.restarts
    ),
    Column[Listed](
        "next",
        "Next",
        lambda row: Cell(row.next, "tx1", tip=row.exactly),
        74,
        sort=lambda row: row.at.timestamp() if row.at else float("inf"),
    ),
)
RUN_COLUMNS = (
    Column[RunLine](
        "when", "Started", lambda run: Cell(run.when, "tx2", tip=run.exactly), 104, sort=lambda run: run.started
    ),
    Column[RunLine]("why", "Why", lambda run: Cell(run.why, "tx1", tip=run.why), stretch=True),
    Column[RunLine]("result", "Result", lambda run: Cell(run.result, "tx1", Status(run.shape)), 102),
    Column[RunLine]("took", "Took", lambda run: Cell(run.took, "tx1"), 60, align="right", sort=lambda run: run.seconds),
    Column[RunLine]("open", "", lambda _run: Cell(actions=(OPEN,)), 44, sort=lambda run: run.epoch),
)
