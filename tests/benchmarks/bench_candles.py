"""The chart of 100,000 candles, panned and zoomed frame by frame, beside pyqtgraph's own example of a candlestick item.

Both are drawn into a widget of 850x470 pixels, by turns in one run. A frame is a new range, and all of the painting
that it brings. Ours paints volume, a histogram, a sentiment line and marks as well; the example paints candles alone.
"""

import gc
import os
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from measuring import Figure, Report, asked, by_turns, percentile
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter, QPicture
from PyQt6.QtWidgets import QApplication

from widgets.parts.candles import Bars, CandleChart, Candles, Curve, Marks, Pane

BAR = 60.0
SIZE = 850, 470
SHOWN = 120


class Example(pg.GraphicsObject):
    """The item of pyqtgraph's example ``customGraphicsItem.py``: every candle in one recorded picture."""

    def __init__(self, candles: Candles) -> None:
        super().__init__()
        self.picture = QPicture()
        painter = QPainter(self.picture)
        painter.setPen(pg.mkPen("w"))
        half = candles.bar / 3
        columns = candles.times, candles.opens, candles.closes, candles.lows, candles.highs
        for time_, open_, close, low, high in zip(*(column.tolist() for column in columns), strict=True):
            painter.drawLine(QPointF(time_, low), QPointF(time_, high))
            painter.setBrush(pg.mkBrush("r" if open_ > close else "g"))
            painter.drawRect(QRectF(time_ - half, open_, half * 2, close - open_))
        painter.end()

    def paint(self, painter: QPainter, *_args: object) -> None:
        painter.drawPicture(0, 0, self.picture)

    def boundingRect(self) -> QRectF:
        return QRectF(self.picture.boundingRect())


def made_up(count: int) -> Candles:
    """A seeded walk."""
    random = np.random.default_rng(7)
    closes = 30_000 * np.exp(np.cumsum(0.0006 * random.standard_normal(count)))
    opens = np.concatenate(([30_000.0], closes[:-1]))
    away = 1 + 0.0004 * np.abs(random.standard_normal((2, count)))
    highs, lows = np.maximum(opens, closes) * away[0], np.minimum(opens, closes) / away[1]
    return Candles(
        BAR * (28_000_000 + np.arange(count, dtype=np.float64)), opens, highs, lows, closes, 1000 * away[0] - 1000, BAR
    )


def ranges(candles: Candles, frames: int) -> list[tuple[float, float]]:
    """A walk through the chart: pan at 120 candles, zoom out to all of them, pan there, and zoom in again."""
    first, last = float(candles.times[0]), float(candles.times[-1]) + BAR
    each = max(2, frames // 4)
    close = [last - BAR * SHOWN * (1 + 0.1 * step) for step in range(each)]
    near = [(low, low + BAR * SHOWN) for low in close]
    out = [last - (last - first) * (BAR * SHOWN / (last - first)) ** (1 - step / (each - 1)) for step in range(each)]
    far = [(low, last) for low in out]
    wide = [(first + 0.001 * step * (last - first), last) for step in range(each)]
    return [*near, *far, *wide, *reversed(far)]


def ours(candles: Candles) -> tuple[Callable[[float, float], None], Callable[[], None]]:
    """The chart of the Trading page: what sets its range, and what paints it."""
    chart = CandleChart("bench", (Pane("histogram", "Histogram", Bars()), Pane("mood", "Sentiment", Curve())))
    chart.resize(*SIZE)
    chart.show()
    random = np.random.default_rng(8)
    noise = random.standard_normal(len(candles))
    every = np.arange(0, len(candles), 40)
    marks = Marks(candles.times[every], candles.closes[every], np.arange(every.size) % 2 == 0)
    chart.show_candles(candles, {"histogram": noise, "mood": np.cumsum(noise)}, marks)
    surface = chart.findChild(pg.GraphicsLayoutWidget).viewport()
    return chart.show_range, surface.repaint


def example(candles: Candles) -> tuple[Callable[[float, float], None], Callable[[], None]]:
    """The same with the example's item, its prices fitted to what is in view as ours are."""
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    plot.addItem(Example(candles))
    plot.getViewBox().disableAutoRange()
    plot.show()

    def show(low: float, high: float) -> None:
        shown = candles.between(low, high)
        plot.setXRange(low, high, padding=0)
        plot.setYRange(float(candles.lows[shown].min()), float(candles.highs[shown].max()))

    return show, plot.viewport().repaint


def walked(
    application: QApplication, made: tuple[Callable[[float, float], None], Callable[[], None]], path: list
) -> list[float]:
    """Milliseconds of each frame."""
    show, paint = made
    application.processEvents()
    taken = []
    for low, high in path:
        begun = time.perf_counter()
        show(low, high)
        paint()
        taken.append(1000 * (time.perf_counter() - begun))
        application.processEvents()
    return taken


def main() -> None:
    report = Report("candles", quick=asked("candles", __doc__).quick)
    application = QApplication([])
    count, frames, rounds = (5_000, 12, 1) if report.quick else (100_000, 120, 5)
    candles = made_up(count)
    path = ranges(candles, frames)
    kept: dict[str, list[float]] = {"ours": [], "example": []}
    sides = {"ours": ours(candles), "example": example(candles)}
    gc.disable()

    def side(name: str, part: int) -> Callable[[], float]:
        def run() -> float:
            taken = walked(application, sides[name], path[::part])
            kept[name] += taken
            return percentile(taken, 0.5)

        return run

    measured = by_turns({"ours": side("ours", 1), "example": side("example", 1 if report.quick else 8)}, rounds)
    here = report.side("ours", measured["ours"], "ms a frame, median")
    there = report.side("example", measured["example"], "ms a frame, median")
    report.figures = [
        Figure("a frame, 99 of 100 under", percentile(kept["ours"], 0.99), "ms", at_most=33),
        Figure("the longest frame", max(kept["ours"]), "ms", at_most=100),
        Figure("the example's frame, 99 of 100 under", percentile(kept["example"], 0.99), "ms"),
        Figure("the example's frame in ours", there / here, "times", at_least=10),
    ]
    report.note = f"{count:,} candles; the example walks every eighth frame of the same path"
    report.print()


if __name__ == "__main__":
    main()
