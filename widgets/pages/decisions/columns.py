"""The columns of the ledger."""

from __future__ import annotations

from dataclasses import replace

from widgets.pages.decisions.state import LedgerRow
from widgets.parts.status import Status
from widgets.parts.table import Cell, CellAction, Column

TIME_WIDTH, DAY_WIDTH = 60, 126
UNDO = CellAction("undo", "Undo", tip="Take it back")


def _verdict(row: LedgerRow) -> Cell:
    return Cell(row.note or row.verdict, "tx1", Status(row.status))


def _undo(row: LedgerRow) -> Cell:
    if row.undo_held:
        return Cell(actions=(replace(UNDO, tip=f"Not yet: {row.undo_held}", grey=True),))
    return Cell(actions=(UNDO,) if row.can_undo else ())


COLUMNS = (
    Column[LedgerRow](
        "when",
        "Time",
        lambda row: Cell(row.when, "tx2", mono=True, tip=row.exactly),
        TIME_WIDTH,
        sort=lambda row: row.at,
    ),
    Column[LedgerRow]("what", "What", lambda row: Cell(row.what, tip=row.what), 300, stretch=True),
    Column[LedgerRow]("by", "By", lambda row: Cell(row.by, row.service or "tx1", tip=row.by), 128, least=112),
    Column[LedgerRow]("verdict", "Verdict", _verdict, 104, least=96),
    Column[LedgerRow]("undo", "", _undo, 66, sort=lambda row: row.can_undo),
)
