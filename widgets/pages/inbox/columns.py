"""The columns of the Inbox."""

from __future__ import annotations

from datetime import UTC, datetime

from widgets.pages.inbox.state import Matter
from widgets.parts.status import Status
from widgets.parts.table import Cell, Column
from widgets.parts.text.times import full_time

_NEVER = datetime.max.replace(tzinfo=UTC)

COLUMNS = (
    Column[Matter](
        "what",
        "What",
        lambda matter: Cell(matter.what, status=Status(matter.status), tip=matter.what),
        260,
        stretch=True,
    ),
    Column[Matter](
        "by",
        "From",
        lambda matter: Cell(matter.by, matter.service or "tx1", tip=matter.by),
        128,
        least=112,
        leaves_below=500,
    ),
    Column[Matter](
        "since",
        "Waits",
        lambda matter: Cell(matter.note or matter.since, "tx1" if matter.note else "tx2", tip=matter.exactly),
        92,
        sort=lambda matter: matter.at,
        least=64,
    ),
    Column[Matter](
        "expires",
        "Expires in",
        lambda matter: Cell(matter.left, "tx2", tip=full_time(matter.expires) if matter.expires else ""),
        96,
        sort=lambda matter: matter.expires or _NEVER,
        least=92,
    ),
)
