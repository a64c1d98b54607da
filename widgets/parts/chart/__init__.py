"""Live line charts. Importing this loads pyqtgraph and numpy: pages do it when they are built, not before."""

from widgets.parts.chart.chart import LineChart
from widgets.parts.chart.legend import Legend
from widgets.parts.chart.spec import ChartSpec, SeriesSpec, Threshold

__all__ = ["ChartSpec", "Legend", "LineChart", "SeriesSpec", "Threshold"]
