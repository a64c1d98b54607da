"""The numbers beside a chart: which are written, with how many digits, and the room that they need."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PyQt6.QtGui import QFont, QFontMetricsF

from widgets.parts.chart.direct_axes import ValueAxis
from widgets.parts.chart.scale import Range
from widgets.parts.chart.spec import ChartSpec, SeriesSpec
from widgets.theme import active, ui_font

SCALE_WIDTH, BESIDE_LABEL = 46, 6
"""Px for the labels of a scale, where they need no more, and between them and the lines."""
_LABEL_HEIGHT = 14
_ROUNDING = 1e-9


def first_on(spec: ChartSpec, axis: str) -> SeriesSpec | None:
    """The line that a scale is coloured after."""
    return next((series for series in spec.series if series.axis == axis), None)


def scale_at(side: str, tick: Callable[[float, int], str]) -> Any:
    """An axis whose numbers are written by ``tick``, all with as many decimals as their distance needs."""
    axis = ValueAxis(side)

    def labels(values: list[float], scale: float, spacing: float) -> list[str]:
        low, high = axis.range
        each = _apart(spacing, high - low, axis.height())
        digits = max(0, -math.floor(math.log10(spacing * scale) + _ROUNDING))
        return [tick(value * scale, digits) if place % each == 0 else "" for place, value in enumerate(values)]

    # An instance's own formatter instead of a subclass: pyqtgraph carries no types to subclass.
    axis.tickStrings = labels
    return axis


def width_of(scale: Any, wanted: Range) -> float:
    """Px that the labels of this range need: what is wider than its axis, pyqtgraph does not write at all."""
    spacing, values = scale.tickValues(wanted.low, wanted.high, max(_LABEL_HEIGHT, scale.height()))[0]
    metrics = QFontMetricsF(label_font())
    widest = max((metrics.horizontalAdvance(text) for text in scale.tickStrings(values, 1.0, spacing)), default=0)
    return max(SCALE_WIDTH, math.ceil(widest) + 2 * BESIDE_LABEL)


def label_font() -> QFont:
    return ui_font(active().type.small - 1)


def _apart(spacing: float, span: float, height: float) -> int:
    """Every how many of a scale's lines there is room for a label."""
    if span <= 0 or height <= 0:
        return 1
    return max(1, math.ceil(_LABEL_HEIGHT * span / (spacing * height)))
