"""Parts of the ledger for the window: read in a worker, and shown on the window's thread when they have come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PyQt6.QtCore import pyqtBoundSignal

if TYPE_CHECKING:  # pages are imported when they are first opened
    from app.runtime.desk.front import Front
    from services.core.decisions.wanted import Part
    from widgets.pages.decisions import Ask


@runtime_checkable
class AsksForParts(Protocol):
    """A page that shows more of the ledger than a view holds."""

    part_wanted: pyqtBoundSignal
    """An ``Ask``; answered with ``show_part``."""

    def show_part(self, ask: Ask, part: Part, kinds: tuple[str, ...], processes: tuple[str, ...]) -> None: ...


def read_part(desk: Front, page: AsksForParts, ask: Ask) -> None:
    """Answer what a page asks; while the program comes up there is nothing to read from, and it asks again."""
    if not desk.up:
        return
    engine = desk.program.engine

    def read() -> None:
        from services.core.decisions.parts import names_of, part_of  # the store's libraries come after the first paint

        with engine.store.reading.connect() as connection:
            part = part_of(connection, ask.wanted, ask.last, ask.before, ask.then, ask.at)
            kinds, processes = names_of(connection)
        desk.hand_over(lambda _text: page.show_part(ask, part, kinds, processes), "")

    engine.workers.start("a part of the ledger", read)
