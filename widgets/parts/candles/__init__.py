"""Candles that pan and zoom. Importing this loads pyqtgraph and numpy: pages do it when they are built, not before."""

from widgets.parts.candles.candles import NO_CANDLES, NO_MARKS, Candles, Marks
from widgets.parts.candles.chart import CandleChart
from widgets.parts.candles.panes import Bars, Curve, Pane

__all__ = ["NO_CANDLES", "NO_MARKS", "Bars", "CandleChart", "Candles", "Curve", "Marks", "Pane"]
