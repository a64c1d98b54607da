"""The price with entries and exits, and the histogram and the sentiment under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from services.trading.chart.charted import Charted
from services.trading.chart.marked import Marked
from widgets.pages.trading.as_columns import candles_of, marks_of
from widgets.parts.candles import NO_CANDLES, Bars, CandleChart, Candles, Curve, Pane
from widgets.parts.panels.card import Card
from widgets.parts.panels.error_state import ErrorView
from widgets.parts.panels.faces import Faces
from widgets.parts.text.times import signed

_HISTOGRAM, _SCORE, _MOOD = "histogram", "score", "mood"


class PriceCard(Card):
    """``pointed`` is the bar under the crosshair, −1 for none."""

    pointed = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Price", parent=parent)
        self._spans: tuple[int, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._candles: Candles = NO_CANDLES
        self._notes: tuple[float, ...] = ()
        self.chart = CandleChart(
            "Price with entries and exits",
            (
                Pane(_HISTOGRAM, "MACD histogram", Bars(), say="{:+.3g}".format),
                Pane(_SCORE, "Score of all terms", Curve("accent", (-1.0, 1.0)), share=2, say=signed),
                Pane(_MOOD, "Social sentiment", Curve(bounds=(-1.0, 1.0)), share=2, say=signed),
            ),
        )
        self.faces = Faces(self.chart)
        self.add(self.faces, 1)
        self.chart.pointed.connect(self.pointed)
        self.chart.moved.connect(self._tell)

    def show_charted(self, charted: Charted, fills: Sequence[Marked]) -> None:
        """The known candles; equal ones cost nothing."""
        shown = (charted, len(fills))
        if self._shown and self._shown[0] is charted and self._shown[1:] == shown[1:]:
            return
        self._shown = shown
        self._candles = candles_of(charted)
        self.faces.show_content()
        self.chart.show_candles(self._candles, _values(charted), marks_of(self._candles, fills))
        if charted.histogram is not None and charted.histogram.spans != self._spans:
            self._spans = charted.histogram.spans
            self.chart.name_pane(_HISTOGRAM, "MACD histogram {} {} {}".format(*self._spans))
        self._tell()

    def show_notes(self, moments: Sequence[datetime]) -> None:
        """Mark the candles on which something unusual was seen."""
        times = tuple(moment.timestamp() for moment in moments)
        if times != self._notes:
            self._notes = times
            self.chart.show_notes(np.array(times, dtype=np.float64))

    def show_none(self, why: str) -> None:
        """There are no candles yet."""
        self._shown = ()
        self.faces.show_content()
        self.chart.nothing = why
        self.chart.show_candles(NO_CANDLES)
        self.show_note("")

    def show_failure(self, why: str) -> None:
        """They cannot be read."""
        self._shown = ()
        self.show_note("")
        self.faces.show_error(
            ErrorView("The candles cannot be shown", why, "The bot's figures and orders still stand.")
        )

    def _tell(self) -> None:
        each = self.chart.each if len(self._candles) else 1
        merged = f"each candle {each} bars · " if each > 1 else ""
        self.show_note(f"{self._days()}{merged}entries ▲ exits ▼{' anomalies ◆' if self._notes else ''}")

    def _days(self) -> str:
        """The days in view: the scale below has the hours."""
        if not len(self._candles):
            return ""
        first, last = (max(moment, float(self._candles.times[0])) for moment in self.chart.range)
        days = [datetime.fromtimestamp(each, UTC).astimezone() for each in (first, min(last, self._candles.times[-1]))]
        one, other = (f"{day.day} {day:%b %Y}" for day in days)
        return f"{one if one == other else f'{one} to {other}'} · "


def _values(charted: Charted) -> dict[str, np.ndarray]:
    values = {}
    if charted.histogram is not None:
        values[_HISTOGRAM] = np.asarray(charted.histogram.values, dtype=np.float64)
    if len(charted.terms) > 1 and charted.sentiment is None:
        values[_SCORE] = np.asarray(charted.score, dtype=np.float64)
    if charted.sentiment is not None:
        values[_MOOD] = np.asarray(charted.sentiment, dtype=np.float64)
    return values
