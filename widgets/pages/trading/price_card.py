"""The price with entries and exits, and the histogram and the sentiment under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from services.core.words import number_text
from services.trading.chart.charted import Charted
from services.trading.tape import BotTape
from widgets.pages.trading.as_columns import candles_of, marks_of
from widgets.parts.candles import NO_CANDLES, Bars, CandleChart, Candles, Curve, Pane
from widgets.parts.panels.card import Card
from widgets.parts.panels.error_state import ErrorView
from widgets.parts.panels.faces import Faces
from widgets.parts.text.times import signed
from widgets.states.trading.held import in_part

_HISTOGRAM, _SCORE, _MOOD = "histogram", "score", "mood"


class PriceCard(Card):
    """``pointed`` is the bar under the crosshair, −1 for none."""

    pointed = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Price", parent=parent)
        self._spans: tuple[int, ...] = ()
        self._charted: Charted | None = None
        self._session: tuple[str, int, int, str] = ("", 0, 0, "")
        """Whose fills are marked: the bot, its session, how many there are, and the newest."""
        self._in_part = self._short = False
        """Whether an exit left something, and whether a short was held."""
        self._candles: Candles = NO_CANDLES
        self._notes: tuple[float, ...] = ()
        self.chart = CandleChart(
            "Price with entries and exits",
            (
                Pane(_HISTOGRAM, "MACD histogram", Bars(), say=_small),
                Pane(_SCORE, "Score of all terms", Curve("accent", (-1.0, 1.0)), share=2, say=signed),
                Pane(_MOOD, "Social sentiment", Curve(bounds=(-1.0, 1.0)), share=2, say=signed),
            ),
        )
        self.faces = Faces(self.chart)
        self.add(self.faces, 1)
        self.chart.pointed.connect(self.pointed)
        self.chart.moved.connect(self._tell)

    def show_charted(self, charted: Charted, tape: BotTape) -> bool:
        """The known candles with the session's fills; equal ones cost nothing. Tells whether the fills are others."""
        fills = tape.of_session
        session = (tape.bot, tape.session, len(fills), fills[-1].id if fills else "")
        traded, self._session = session != self._session, session
        if charted is self._charted and not traded:
            return False
        self._charted = charted
        self._candles = candles_of(charted)
        parts = in_part(fills)
        self._in_part, self._short = any(parts), any(row.held < 0 for row in fills)
        self.faces.show_content()
        self.chart.show_candles(self._candles, _values(charted), marks_of(charted, self._candles, fills, parts))
        if charted.histogram is not None and charted.histogram.spans != self._spans:
            self._spans = charted.histogram.spans
            self.chart.name_pane(_HISTOGRAM, "MACD histogram {} {} {}".format(*self._spans))
        self._tell()
        return traded

    def show_notes(self, moments: Sequence[datetime]) -> None:
        """Mark the candles on which something unusual was seen."""
        times = tuple(moment.timestamp() for moment in moments)
        if times != self._notes:
            self._notes = times
            self.chart.show_notes(np.array(times, dtype=np.float64))

    def show_none(self, why: str) -> None:
        """There are no candles yet."""
        self._charted = None
        self.faces.show_content()
        self.chart.nothing = why
        self.chart.show_candles(NO_CANDLES)
        self.show_note("")

    def show_failure(self, why: str) -> None:
        """They cannot be read."""
        self._charted = None
        self.show_note("")
        self.faces.show_error(
            ErrorView("The candles cannot be shown", why, "The bot's figures and orders still stand.")
        )

    def _tell(self) -> None:
        each = self.chart.each if len(self._candles) else 1
        merged = f"each candle {each} bars · " if each > 1 else ""
        marks = "buys ▲ sells ▼" if self._short else "entries ▲ exits ▼"
        parts = f" in part {'△ ' if self._short else ''}▽" if self._in_part else ""
        self.show_note(f"{self._days()}{merged}{marks}{parts}{' anomalies ◆' if self._notes else ''}")

    def _days(self) -> str:
        """The days in view: the scale below has the hours."""
        if not len(self._candles):
            return ""
        first, last = (max(moment, float(self._candles.times[0])) for moment in self.chart.range)
        days = [datetime.fromtimestamp(each, UTC).astimezone() for each in (first, min(last, self._candles.times[-1]))]
        one, other = (f"{day.day} {day:%b %Y}" for day in days)
        if one == other:
            return f"{other} · "
        return f"{one.removesuffix(f' {days[1]:%Y}')} to {other} · "


def _small(value: float) -> str:
    """A number of any size with its sign, in plain decimals."""
    text = number_text(abs(value), 3)
    return text if value == 0 else f"{'+' if value > 0 else '−'}{text}"


def _values(charted: Charted) -> dict[str, np.ndarray]:
    values = {}
    if charted.histogram is not None:
        values[_HISTOGRAM] = np.asarray(charted.histogram.values, dtype=np.float64)
    if len(charted.terms) > 1 and charted.sentiment is None:
        values[_SCORE] = np.asarray(charted.score, dtype=np.float64)
    if charted.sentiment is not None:
        values[_MOOD] = np.asarray(charted.sentiment, dtype=np.float64)
    return values
