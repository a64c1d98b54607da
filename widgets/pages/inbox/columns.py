"""The columns of the Inbox."""

from __future__ import annotations

from widgets.pages.inbox.state import Matter
from widgets.parts.status import Status
from widgets.parts.table import Cell, Column

COLUMNS = (
    Column[Matter](
        "what", "What", lambda matter: Cell(matter.what, status=Status(matter.status), tip=matter.what), stretch=True
    ),
    Column[Matter]("by", "From", lambda matter: Cell(matter.by, matter.service or "tx1", tip=matter.by), 120, least=84),
    Column[Matter](
        "since",
        "Waits",
        lambda matter: Cell(matter.note or matter.since, "tx1" if matter.note else "tx2", tip=matter.exactly),
        92,
        sort=lambda matter: matter.at,
    ),
)
