"""The values under the crosshair, written beside the lines they belong to."""

from __future__ import annotations

from html import escape

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget

from widgets.parts.chart.spec import ChartSpec, SeriesSpec
from widgets.theme import active, colour, ui_font


class Readout(QLabel):
    """A small panel in the corner; the mouse passes through it."""

    def __init__(self, spec: ChartSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self._spec = spec
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(ui_font(active().type.small))
        self.setProperty("scale", "small")
        self.hide()

    def show_values(self, x: float, values: dict[str, float]) -> None:
        """Write x and each series' value there; `values` is keyed by series id."""
        said = [_written(series, values[series.id]) for series in self._spec.series if series.id in values]
        if self._spec.say_x:
            said.insert(0, f'<span style="color:{colour("tx1").name()}">{escape(self._spec.say_x(x))}</span>')
        self.setText("&nbsp;&nbsp;".join(said))
        self.setStyleSheet(f"background: {colour('bg2').name()}; border-radius: 4px; padding: 2px 6px;")
        self.adjustSize()
        self.move(12, 6)
        self.show()
        self.raise_()


def _written(series: SeriesSpec, value: float) -> str:
    name = f'<span style="color:{colour(series.role).name()}">{escape(series.name)}</span>'
    return f"{name} <b>{escape(series.say(value))}</b>"
