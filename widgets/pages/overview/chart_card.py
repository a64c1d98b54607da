"""A chart with its title, what its lines are, and the span it shows."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QWidget

from widgets.parts.chart import ChartSpec, Legend, LineChart, SeriesSpec, Threshold
from widgets.parts.panels.card import Card
from widgets.parts.text.times import signed
from widgets.states.charts import Chart, Line

_SAYS: dict[str, Callable[[float], str]] = {
    "money": "{:,.4g}".format,
    "price": "{:,.5g}".format,
    "percent": "{:.4g}%".format,
    "share": "{:.4g}%".format,
}
_TICKS: dict[str, Callable[[float, int], str]] = {
    "money": "{:,.{}f}".format,
    "price": "{:,.{}f}".format,
    "percent": "{:,.{}f}%".format,
    "share": "{:,.{}f}%".format,
}
_BOUNDS = {"share": (0.0, 100.0)}
_SENTIMENT = (-1.0, 1.0)
_LEAST_SECONDS = 60.0
"""Below it the times beside each other would differ by less than a second."""


class ChartCard(Card):
    """The chart itself is made anew only when its lines are others, not when they grow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.chart: LineChart | None = None
        self._legend: Legend | None = None
        self._shown: Chart | None = None

    def show_chart(self, chart: Chart) -> None:
        """Show new values; equal ones cost nothing."""
        before, self._shown = self._shown, chart
        if before == chart:
            return
        if before is None or _kind(before) != _kind(chart):
            self._build(chart)
        if before is None or (before.title, before.note) != (chart.title, chart.note):
            self.show_title(chart.title)
            self.show_note(chart.note)
        assert self.chart is not None
        old = {line.id: line.curve for line in before.lines} if before and _kind(before) == _kind(chart) else {}
        for line in chart.lines:
            if old.get(line.id) != line.curve:
                self.chart.replace(line.id, line.curve.xs, line.curve.ys, line.curve.breaks)

    def _build(self, chart: Chart) -> None:
        for part in (self.chart, self._legend):
            if part is not None:
                part.hide()
                part.deleteLater()
        spec = _spec(chart)
        self.chart, self._legend = LineChart(spec), Legend(spec)
        self.add(self.chart, 1)
        self._place_legend()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._place_legend()

    def _place_legend(self) -> None:
        """In the header where there is room beside the title, else on a line of its own."""
        if self._legend is not None:
            self.add_beside_title(self._legend)


def _kind(chart: Chart) -> tuple[object, ...]:
    """What a chart's parts are made for: another kind needs others."""
    return chart.id, chart.unit, chart.threshold, tuple((line.id, line.name, line.role) for line in chart.lines)


def _spec(chart: Chart) -> ChartSpec:
    return ChartSpec(
        chart.title,
        tuple(_series(line, chart) for line in chart.lines),
        None if chart.threshold is None else Threshold(chart.threshold, f"floor {chart.threshold:g}%"),
        bounds=_BOUNDS.get(chart.unit),
        own_bounds=_SENTIMENT,
        tick=_TICKS[chart.unit],
        own_tick=signed,
        nothing=chart.nothing,
        least_span=_LEAST_SECONDS,
    )


def _series(line: Line, chart: Chart) -> SeriesSpec:
    say: Callable[[float], str] = signed if line.own else _SAYS[chart.unit]
    return SeriesSpec(line.id, line.name, line.role, "own" if line.own else "right", line.fill, say)
