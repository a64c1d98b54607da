from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QGraphicsView, QWidget

from widgets.parts.chart import ChartSpec, LineChart, SeriesSpec
from widgets.parts.chart.turns import FRAME_MS, Turns


class Paints(QObject):
    """Counts how often something is painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__()
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        self.count += event is not None and event.type() == QEvent.Type.Paint
        return False


def frames(told: list[int]) -> list[int]:
    """How many frames on from the first each of these waits."""
    return [round((each - told[0]) / FRAME_MS) for each in told]


def test_ten_charts_that_change_together_are_redrawn_in_five_frames():
    turns = Turns(monotonic=lambda: 7.0)
    told = [turns.next_in() for _ in range(10)]
    assert frames(told) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert 0 < told[0] <= FRAME_MS + 1


def test_who_asks_when_nobody_waits_gets_the_coming_frame():
    now = 7.0
    turns = Turns(monotonic=lambda: now)
    for _ in range(10):
        turns.next_in()
    now = 8.0
    assert turns.next_in() <= FRAME_MS + 1


def test_a_chart_that_moves_on_is_painted_once_for_each_redraw(qtbot):
    chart = LineChart(ChartSpec("Level", (SeriesSpec("line", "Level"),), capacity=600))
    qtbot.addWidget(chart)
    chart.resize(500, 200)
    chart.replace("line", [0.0, 1.0], [3.0, 4.0])
    chart.show()
    view = chart.findChild(QGraphicsView)
    assert view is not None
    paints = Paints(view.viewport())
    qtbot.waitUntil(lambda: paints.count > 0)
    for last in range(2, 30):  # both ranges and their labels change each time
        painted, redrawn = paints.count, chart.redraws
        chart.append("line", float(last**3), 3.0 * last**2)
        qtbot.waitUntil(lambda redrawn=redrawn, painted=painted: chart.redraws > redrawn and paints.count > painted)
        qtbot.wait(0)
        assert paints.count == painted + 1
