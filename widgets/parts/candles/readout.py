"""The candle under the crosshair in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget

from services.core.words import number_text
from widgets.parts.candles.candles import Candles
from widgets.parts.candles.panes import Pane
from widgets.theme import active, colour, ui_font

_DIGITS = 6
_LEFT, _TOP = 12, 6


class CandleReadout(QLabel):
    """A small panel in the corner; the mouse passes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(ui_font(active().type.small))
        self.setProperty("scale", "small")
        self.hide()

    def show_candle(self, candles: Candles, index: int, panes: Sequence[tuple[Pane, float]]) -> None:
        """Write when it opened, its prices and volume, and the value of each pane there."""
        opened = datetime.fromtimestamp(float(candles.times[index]), UTC).astimezone()
        prices = {
            "O": candles.opens[index],
            "H": candles.highs[index],
            "L": candles.lows[index],
            "C": candles.closes[index],
            "V": candles.volumes[index],
        }
        said = [_written(f"{opened.day} {opened:%b %Y, %H:%M}", "", "tx1")]
        said += [_written(name, number_text(float(value), _DIGITS), "tx2") for name, value in prices.items()]
        said += [
            _written(pane.title, pane.say(value), pane.shape.role) for pane, value in panes if not math.isnan(value)
        ]
        self.setText("&nbsp; ".join(said))  # a line ends between two values alone
        self.setStyleSheet(f"background: {colour('bg2').name()}; border-radius: 4px; padding: 2px 6px;")
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        """On one line where there is room for it, else on as many as it needs."""
        chart = self.parentWidget()
        room = chart.width() - 2 * _LEFT if chart is not None else self.width()
        self.setWordWrap(False)
        wide = self.sizeHint().width()
        self.setWordWrap(wide > room)
        wide = min(wide, room)
        high = self.heightForWidth(wide) if self.wordWrap() else self.sizeHint().height()
        self.setGeometry(_LEFT, _TOP, wide, high)


def _written(name: str, value: str, role: str) -> str:
    name, value = (escape(text).replace(" ", "&nbsp;") for text in (name, value))
    told = f'<span style="color:{colour(role).name()}">{name}</span>'
    return f"{told}&nbsp;<b>{value}</b>" if value else told
