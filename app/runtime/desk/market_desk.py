"""Candles for the pages that draw them: read in a worker, and shown on the window's thread when they have come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PyQt6.QtCore import QObject, pyqtBoundSignal

from app.runtime.desk.accounts import Accounts, ShowsAccount
from app.runtime.desk.backtests import AsksForBacktests, Backtests
from app.runtime.desk.sweeps import AsksForSweeps, Sweeps
from services.core.errors import UserError

if TYPE_CHECKING:  # pages are imported when they are first opened
    from app.runtime.desk.desk import Desk
    from services.trading.chart.charted import Charted
    from widgets.states.trading.bots import CandlesAsk


@runtime_checkable
class AsksForCandles(Protocol):
    """A page that draws the candles of a bot."""

    candles_wanted: pyqtBoundSignal
    """A ``CandlesAsk``; answered with ``show_candles``."""

    def show_candles(self, ask: CandlesAsk, charted: Charted | None, error: str) -> None: ...

    def ask_again(self) -> None: ...


class MarketDesk(QObject):
    """Answers every page that asks, from the moment on that there is a program to read for it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._known: set[int] = set()
        self._computing: list[Backtests | Sweeps | Accounts] = []
        desk.page_built.connect(self._built)
        desk.each_beat.append(self._beat)

    def close(self) -> None:
        """Nothing is computed for a window that closes."""
        for each in self._computing:
            each.call_off()

    def _beat(self) -> None:
        for each in self._computing:
            each.beat()

    def _built(self, _name: str, page: object) -> None:
        if not isinstance(page, AsksForCandles) or id(page) in self._known:
            return
        self._known.add(id(page))
        page.candles_wanted.connect(lambda ask: self._read(page, ask))
        if isinstance(page, ShowsAccount):
            self._computing.append(Accounts(page, self._desk))
        studies = getattr(page, "studies", None)
        if isinstance(studies, AsksForSweeps):
            self._computing.append(Sweeps(studies, self._desk))
        if isinstance(studies, AsksForBacktests):
            self._computing.append(Backtests(studies, self._desk))
        page.ask_again()

    def _read(self, page: AsksForCandles, ask: CandlesAsk) -> None:
        def read() -> None:
            charted, error = _charted(ask, self._desk.program.home.live_bars)
            self._desk.hand_over(lambda _text: page.show_candles(ask, charted, error), "")

        self._desk.program.engine.workers.start(f"candles of {ask.bot}", read)


def _charted(ask: CandlesAsk, kept: Path) -> tuple[Charted | None, str]:
    """The candles, or why they cannot be read; those of bots at the exchange lie in ``kept``. Blocks."""
    # the readers of files come when they are needed
    from services.trading.chart.reading import read_charted, read_kept

    try:
        if ask.kept:
            return read_kept(kept, ask.version), ""
        data = Path(ask.data) if ask.data else None
        return read_charted(Path(ask.strategy), data, ask.capital, ask.version, others=ask.others), ""
    except UserError as mistake:
        return None, str(mistake)
