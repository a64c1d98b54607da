"""What the account was worth after each bar, and how far under its peak, on the axis of the candles' time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.parts.chart import ChartSpec, LineChart, SeriesSpec
from widgets.parts.panels.split import Split
from widgets.parts.text.times import signed

_MOST = 20_000
_MICRO = 1e-6


class EquityCharts(QWidget):
    """Equity, and beside or below it the fall from its peak."""

    def __init__(
        self, name: str, turned: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.currency = ""
        equity = SeriesSpec("equity", "equity", "trading", fill=True, say=lambda value: self._money(f"{value:,.6g}"))
        under = SeriesSpec("underwater", "under the peak", "bad", fill=True, say=lambda value: f"{signed(value)}%")
        self.equity = LineChart(
            ChartSpec(
                "Equity",
                (equity,),
                capacity=_MOST,
                tick=lambda value, places: self._money(f"{value:,.{places}f}"),
                nothing="No candle taken yet",
            )
        )
        self.underwater = LineChart(
            ChartSpec(
                "Under the peak",
                (under,),
                capacity=_MOST,
                bounds=(-100.0, 0.0),
                tick=lambda value, places: f"{value:,.{places}f}%".replace("-", "−"),
                nothing="",
                time_axis=False,
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        panes = Split(name, turned).fill((self.equity, 3), (self.underwater, 2))
        column.addWidget(panes)

    def show_curves(
        self, times: Sequence[int], equity: Sequence[float], underwater: Sequence[float], currency: str
    ) -> None:
        """``times`` in microseconds since 1970, ``underwater`` as shares from 0 to -1."""
        self.currency = currency
        xs = np.asarray(times, dtype=np.float64) * _MICRO
        thin = max(1, -(-xs.size // _MOST))
        self.equity.replace("equity", xs[::thin], np.asarray(equity, dtype=np.float64)[::thin])
        self.underwater.replace("underwater", xs[::thin], 100 * np.asarray(underwater, dtype=np.float64)[::thin])

    def _money(self, amount: str) -> str:
        return f"{amount} {self.currency}".rstrip()
