"""What is traded on paper, as the store has it: the same whether a program runs or not. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from app.control.stored import Stored, open_stored
from app.paths import Home
from app.wiring.paper_closing import KINDS
from app.wiring.plans.kind_names import kind_name
from services.core.events import Recorded
from services.core.events.rows import read_row
from services.core.store.schema import events
from services.orchestrator.history.projections import Processes
from services.orchestrator.units.positions import position_of
from services.trading.events import Filled
from services.trading.on_paper import PaperBot
from services.trading.tape import BotTape, TradingTapes


@dataclass(frozen=True)
class OnPaper:
    """The bots that trade on paper, and what was traded so."""

    stored: Stored

    @cached_property
    def bots(self) -> list[PaperBot]:
        """Those whose process trades on paper, once they have begun. What one held that is gone, nobody holds."""
        if self.stored.store is None:
            return []
        rows = self.stored.view.value(Processes).rows
        on_paper = {row.name for row in rows if kind_name(row.kind) in KINDS}
        tapes: tuple[BotTape, ...] = self.stored.view.value(TradingTapes)
        with self.stored.store.reading.connect() as connection:
            return [PaperBot.of(tape, position_of(connection, tape.bot)) for tape in tapes if tape.bot in on_paper]

    def fills(self, newest: int | None = None) -> list[Recorded]:
        """All that the journal keeps, or the newest of them; oldest first."""
        if self.stored.store is None:
            return []
        query = select(events).where(events.c.name == Filled.type_name).order_by(events.c.seq.desc()).limit(newest)
        with self.stored.store.reading.connect() as connection:
            return [*filter(None, map(read_row, connection.execute(query)))][::-1]


@contextmanager
def read_paper(home: Home) -> Iterator[OnPaper]:
    """Raises ``UserError`` for a store that cannot be read; where there is none yet, nothing was traded."""
    with open_stored(home, (Processes, TradingTapes)) as stored:
        yield OnPaper(stored)
