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
        self.setText("&nbsp;&nbsp;".join(said))
        self.setStyleSheet(f"background: {colour('bg2').name()}; border-radius: 4px; padding: 2px 6px;")
        self.adjustSize()
        self.move(12, 6)
        self.show()
        self.raise_()


def _written(name: str, value: str, role: str) -> str:
    told = f'<span style="color:{colour(role).name()}">{escape(name)}</span>'
    return f"{told} <b>{escape(value)}</b>" if value else told
