import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QFontMetricsF
from PyQt6.QtWidgets import QStackedWidget, QWidget

from widgets.parts.chart import ChartSpec, LineChart, SeriesSpec, Threshold
from widgets.parts.chart.decimate import decimated
from widgets.parts.chart.ring import PointRing
from widgets.parts.chart.scale import Range, settled, settled_time
from widgets.parts.kpi.tile import KpiTile, KpiView
from widgets.theme import colour, use_theme

SPEC = ChartSpec(
    "Equity",
    (
        SeriesSpec("equity", "equity", "trading", fill=True),
        SeriesSpec("mood", "sentiment", "engagement", "own"),
    ),
    Threshold(100.0, "floor 100"),
    time_axis=False,
    say_x="at {:.0f}".format,
    capacity=100,
)


@pytest.fixture
def chart(qtbot) -> LineChart:
    chart = LineChart(SPEC)
    qtbot.addWidget(chart)
    chart.resize(500, 200)
    return chart


def test_a_hidden_chart_keeps_the_values_and_draws_nothing(qtbot):
    stack, chart = QStackedWidget(), LineChart(SPEC)
    qtbot.addWidget(stack)
    stack.addWidget(QWidget())
    stack.addWidget(chart)
    stack.show()
    for x in range(50):
        chart.append("equity", x, 100.0 + x)
    assert chart.redraws == 0
    assert not chart._frame.isActive()
    stack.setCurrentWidget(chart)
    assert chart.redraws == 1
    assert len(chart.points("equity")[0]) == 50


def test_many_values_between_two_frames_are_one_redraw(qtbot, chart):
    chart.show()
    before = chart.redraws
    for x in range(1000):
        chart.append("equity", x, math.sin(x))
    qtbot.waitUntil(lambda: chart.redraws > before)
    assert chart.redraws == before + 1
    assert len(chart.points("equity")[0]) == 100


def test_the_crosshair_says_every_series_at_the_nearest_point(qtbot, chart):
    chart.show()
    chart.replace("equity", [0, 1, 2], [10_000, 10_120, 9_990])
    chart.replace("mood", [0, 1, 2], [0.1, 0.34, 0.2])
    chart.point_at(1.2)
    said = chart.readout.text()
    assert all(words in said for words in ("at 1", "equity", "10,120.00", "sentiment", "0.34"))
    chart.hide_crosshair()
    assert not chart.readout.isVisible()


def test_the_keyboard_moves_the_crosshair_from_point_to_point(qtbot, chart):
    chart.show()
    chart.replace("equity", [0, 1, 2], [5, 6, 7])
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert "at 1" in chart.readout.text()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert "at 0" in chart.readout.text()
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert not chart.readout.isVisible()


def test_the_mouse_over_the_plot_moves_the_crosshair(qtbot, chart):
    chart.replace("equity", list(range(50)), list(range(50)))
    chart.show()
    qtbot.mouseMove(chart._plot.widget.viewport(), QPoint(200, 100))
    qtbot.waitUntil(chart.readout.isVisible)


def test_names_from_outside_are_written_not_read_as_markup(qtbot):
    chart = LineChart(ChartSpec("x", (SeriesSpec("a", "<img src=x>"),), time_axis=False))
    qtbot.addWidget(chart)
    chart.show()
    chart.replace("a", [0, 1], [1, 2])
    chart.point_at(0)
    assert "&lt;img" in chart.readout.text()


def test_what_is_no_number_is_refused(chart):
    with pytest.raises(ValueError, match="finite"):
        chart.append("equity", 0, math.nan)
    with pytest.raises(ValueError, match="finite"):
        chart.replace("equity", [0, 1], [1, math.inf])
    with pytest.raises(ValueError, match="equally long"):
        chart.replace("equity", [0, 1], [1])
    with pytest.raises(KeyError):
        chart.append("unknown", 0, 1)


def test_a_change_of_theme_recolours_the_lines(qapp, chart):
    chart.show()
    before = chart._plot._curves["equity"][0].opts["pen"].color().name()
    use_theme(qapp, "light")
    qapp.processEvents()
    assert chart._plot._curves["equity"][0].opts["pen"].color().name() != before


@given(st.lists(st.floats(-1e6, 1e6), max_size=400), st.integers(1, 40))
def test_a_ring_holds_the_last_points_in_order(values, capacity):
    ring = PointRing(capacity)
    for x, y in enumerate(values):
        ring.append(x, y)
    assert ring.y.tolist() == values[-capacity:]
    assert ring.x.tolist() == [float(x) for x in range(len(values))][-capacity:]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_range_always_holds_its_values(values):
    now = None
    for value in values:
        now = settled(now, min(value, 0.0), max(value, 0.0))
        assert now.low <= value <= now.high
        assert now.low < now.high


def test_no_peak_is_lost_when_there_are_more_points_than_pixels():
    x, y = np.arange(100_000.0), np.zeros(100_000)
    y[54_321], y[12_345] = 7.0, -3.0
    thin_x, thin_y = decimated(x, y, 500)
    assert thin_x.size == thin_y.size == 1000
    assert (thin_y.max(), thin_y.min()) == (7.0, -3.0)
    assert (np.diff(thin_x) >= 0).all()
    few = decimated(x[:100], y[:100], 500)
    assert few[0].size == 100


def test_a_range_stays_while_the_values_fit_and_comes_nearer_when_they_shrink():
    first = settled(None, 0, 100)
    assert settled(first, 5, 95) is first
    assert settled(first, 40, 60) != first
    assert settled(first, 0, 200).high > 200


def test_the_time_range_moves_on_in_steps():
    first = settled_time(None, 0, 1000)
    assert settled_time(first, 5, 1005) is first
    assert settled_time(first, 100, 1100) == Range(100, 1110)


def crosses_the_middle(widget, role: str) -> bool:
    """Whether something in this colour is painted at half the height."""
    picture, wanted = widget.grab().toImage(), colour(role)
    middle = picture.height() // 2
    painted = (picture.pixelColor(x, y) for x in range(picture.width()) for y in (middle - 1, middle, middle + 1))
    return any(abs(each.hueF() - wanted.hueF()) < 0.04 and each.saturationF() > 0.4 for each in painted)


def scale(axis) -> list[str]:
    """What is written on a scale, from below, as it is painted."""
    low, high = axis.range
    spacing, values = axis.tickValues(low, high, axis.height())[0]
    return [text for text in axis.tickStrings(list(values), 1.0, spacing) if text]


def test_each_of_two_scales_is_written_in_the_colour_of_its_line_with_as_many_digits_at_each_place(qtbot, theme):
    series = (SeriesSpec("equity", "equity", "trading"), SeriesSpec("mood", "sentiment", "engagement", "own"))
    chart = LineChart(ChartSpec("Equity", series, own_bounds=(-1.0, 1.0)))
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    chart.show()
    chart.replace("equity", [0, 1, 2], [0.99, 1.0, 1.01])
    chart.replace("mood", [0, 1, 2], [0.5, 0.5, 0.5])
    chart._redraw()
    right, left = chart._plot._value_axis, chart._plot._own_axis
    for axis, role in ((right, "trading"), (left, "engagement")):
        assert axis.isVisible()
        assert axis.textPen().color() == colour(role)
        written = scale(axis)
        assert len(written) > 1
        assert len({len(text.partition(".")[2]) for text in written}) == 1, written
    assert "1.00" in [text[:4] for text in scale(right)]
    assert min(map(float, scale(left))) < 0.5 < max(map(float, scale(left)))


@pytest.mark.parametrize("values", [[1.0, 2.0], [0.0100187, 0.0100193], [1_234_567.0, 1_234_568.0]])
def test_no_number_of_a_scale_is_left_out_for_being_long(qtbot, values):
    chart = LineChart(ChartSpec("Price", (SeriesSpec("a", "a"),), tick="{:,.{}f}".format))
    qtbot.addWidget(chart)
    chart.resize(300, 110)
    chart.replace("a", [0, 60], values)
    chart.show()
    axis = chart._plot._value_axis
    room = axis.boundingRect().width() - 6
    assert scale(axis)
    assert all(QFontMetricsF(axis.style["tickFont"]).horizontalAdvance(text) <= room for text in scale(axis))


def test_what_has_only_begun_does_not_fill_the_whole_width(qtbot):
    chart = LineChart(ChartSpec("Price", (SeriesSpec("a", "a"),), least_span=60.0))
    qtbot.addWidget(chart)
    chart.replace("a", [1000, 1004], [1, 2])
    chart.show()
    first, last = chart._plot._item.getViewBox().viewRange()[0]
    assert (first, last >= 1060) == (1000, True)


def test_a_chart_with_one_scale_has_it_at_the_right_alone(qtbot):
    chart = LineChart(ChartSpec("Tests", (SeriesSpec("a", "a"),)))
    qtbot.addWidget(chart)
    assert chart._plot._own_axis is None
    assert not chart._plot._item.getAxis("left").isVisible()


@pytest.mark.parametrize(("breaks", "joined"), [((), True), ((5.0,), False)])
def test_a_line_that_begins_anew_has_a_gap_there(chart, breaks, joined):
    chart.show()
    chart.replace("mood", [1, 2, 3, 4, 6, 7, 8, 9], [9, 9, 9, 9, 0, 0, 0, 0], breaks)
    chart._redraw()
    assert crosses_the_middle(chart, "engagement") is joined


def test_a_line_that_is_whole_again_is_drawn_in_one_piece(chart):
    chart.show()
    for breaks in ((3.0, 5.0), ()):
        chart.replace("equity", [1, 2, 4, 6, 7], [1, 2, 3, 4, 5], breaks)
        chart._redraw()
    assert [curve.getData()[0] is None for curve in chart._plot._curves["equity"]] == [False, True, True]


@pytest.mark.parametrize(("between", "joined"), [(4.5, True), (None, False)])
def test_the_course_of_a_figure_has_a_gap_where_it_has_no_value(qtbot, between, joined):
    tile = KpiTile(KpiView("pnl", "", "", course=(9, 9, 9, between, 0, 0, 0), role="engagement"))
    qtbot.addWidget(tile)
    tile.resize(190, 90)  # its course lies around half of that
    assert crosses_the_middle(tile, "engagement") is joined


def test_the_same_points_again_cost_no_redraw(qtbot, chart):
    chart.show()
    chart.replace("equity", [1.0, 2.0], [3.0, 4.0])
    qtbot.waitUntil(lambda: chart.redraws == 1)
    chart.replace("equity", [1.0, 2.0], [3.0, 4.0])
    assert not chart._frame.isActive()
    chart.replace("equity", [1.0, 2.0], [3.0, 5.0])
    assert chart._frame.isActive()
