import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage

from widgets.parts.candles import NO_CANDLES, Bars, CandleChart, Candles, Curve, Marks, Pane
from widgets.parts.candles.items import apart
from widgets.theme import colour, use_theme

BAR = 60.0
FIRST = 28_000_000
PANES = (Pane("histogram", "MACD histogram", Bars()), Pane("mood", "Sentiment", Curve(bounds=(-1, 1))))


def rising(count: int, first: int = FIRST) -> Candles:
    """Candles that rise one by one."""
    opens = np.arange(count, dtype=np.float64) + 100
    times = BAR * (first + np.arange(count, dtype=np.float64))
    return Candles(times, opens, opens + 1.5, opens - 0.5, opens + 1, np.ones(count), BAR)


def values(candles: Candles) -> dict[str, np.ndarray]:
    wave = np.sin(np.arange(len(candles)) / 9)
    return {"histogram": wave, "mood": wave / 2}


@pytest.fixture
def chart(qtbot) -> CandleChart:
    chart = CandleChart("ETH/BTC", PANES)
    qtbot.addWidget(chart)
    chart.resize(800, 460)
    chart.show()
    return chart


def pixels(chart: CandleChart, role: str) -> int:
    """How many pixels of the picture have exactly this colour."""
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = colour(role).rgb()
    there = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), dtype=np.uint32)
    return int((there == wanted).sum())


def test_the_newest_candles_are_in_view_first(chart):
    candles = rising(5000)
    chart.show_candles(candles, values(candles))
    low, high = chart.range
    assert high > candles.times[-1]
    assert (high - low) / BAR == pytest.approx(125, abs=10)


def test_rising_candles_have_the_colour_of_what_rises_and_no_other(chart):
    chart.show_candles(rising(60), {})
    assert pixels(chart, "ok") > 500
    assert pixels(chart, "bad") == 0


def test_a_gap_is_a_gap(chart):
    near = rising(60)
    apart = near.times + np.where(np.arange(60) >= 30, 20 * BAR, 0)
    chart.show_candles(Candles(apart, near.opens, near.highs, near.lows, near.closes, near.volumes, BAR), {})
    chart.show_range(float(apart[0]), float(apart[-1]))
    image = chart.grab().toImage()
    painted = [any(image.pixelColor(x, y) == colour("ok") for y in range(440)) for x in range(8, 740)]
    longest = max(len(run) for run in "".join("#" if each else "." for each in painted).split("#"))
    assert longest > 20 * 730 / 80 * 0.8


def test_entries_and_exits_are_seen_beside_their_candles(chart):
    candles = rising(60)
    marks = Marks(candles.times[[10, 40]], candles.closes[[10, 40]], np.array([True, False]))
    chart.show_candles(candles, {})
    assert pixels(chart, "warn") == 0
    chart.show_marks(marks)
    assert pixels(chart, "warn") > 15


def scaled(candles: Candles, by: float) -> Candles:
    """The same at other prices."""
    prices = (by * column for column in (candles.opens, candles.highs, candles.lows, candles.closes))
    return Candles(candles.times, *prices, candles.volumes, candles.bar)


def width_of_scale(chart: CandleChart, by: float) -> float:
    """How wide the scale is that stands beside such prices."""
    chart.show_candles(scaled(rising(60), by), {})
    return float(chart._frame._scale_width)


def test_the_scale_takes_the_room_that_its_labels_need_and_keeps_a_little_more_than_that(chart):
    """With each width of it all panes are laid out and painted twice in one frame."""
    narrow, wide = width_of_scale(chart, 1.0), width_of_scale(chart, 1e6)
    assert wide > narrow
    assert width_of_scale(chart, 1e5) == wide
    assert width_of_scale(chart, 1.0) == narrow


def test_of_marks_that_stand_too_close_the_newest_is_seen():
    times = np.array([0.0, 10.0, 12.0, 30.0, 31.0, 32.0])
    every = np.arange(times.size)
    assert apart(times, every, 5.0) == [5, 2, 0]
    assert apart(times, every[:-1], 5.0) == [4, 2, 0]
    assert apart(times, every[:0], 5.0) == []


def test_an_exit_that_left_something_is_hollow(chart):
    candles = rising(60)
    at = candles.times[[40]], candles.closes[[40]], np.array([False])
    chart.show_candles(candles, {}, Marks(*at))
    whole = pixels(chart, "warn")
    chart.show_marks(Marks(*at, np.array([True])))
    image = chart.grab().toImage()
    assert whole > 15
    assert pixels(chart, "warn") < whole / 2
    near = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert any(each.red() > 120 and each.blue() < 90 and each.green() > 80 for each in near), "its edge is seen"


def test_a_note_is_seen_at_the_head_of_the_pane(chart):
    candles = rising(60)
    chart.show_candles(candles, {})
    assert pixels(chart, "info") == 0
    chart.show_notes(candles.times[[30]])
    assert pixels(chart, "info") > 10


def test_the_view_follows_the_newest_candle_only_while_it_is_in_view(chart):
    candles = rising(500)
    chart.show_candles(candles, {})
    chart.show_candles(rising(501), {})
    assert chart.range[1] > FIRST * BAR + 501 * BAR
    chart.pan(-2)
    before = chart.range
    chart.show_candles(rising(502), {})
    assert chart.range == before


def bars_in_view(chart: CandleChart) -> float:
    low, high = chart.range
    return (high - low) / BAR


def test_a_session_that_begins_with_few_candles_grows_into_the_view_until_it_is_as_wide_as_at_first(chart):
    chart.show_candles(rising(500), {})
    wide = bars_in_view(chart)
    for count in range(3, 400):
        chart.show_candles(rising(count, FIRST - 1000), {})
    assert bars_in_view(chart) == pytest.approx(wide)
    assert chart.range[1] > chart.candles.times[-1]


def test_who_looks_at_a_few_candles_of_many_goes_on_to_see_as_few(chart):
    for count in range(3, 60):
        chart.show_candles(rising(count), {})
    chart.zoom(0.5)
    few = bars_in_view(chart)
    for count in range(60, 300):
        chart.show_candles(rising(count), {})
    assert bars_in_view(chart) == pytest.approx(few)


def test_candles_of_another_time_are_shown_from_their_newest(chart):
    chart.show_candles(rising(500), {})
    later = rising(500, FIRST + 100_000)
    chart.show_candles(later, {})
    assert chart.range[1] > later.times[-1] > chart.range[0]


def test_the_candles_cannot_be_lost_by_panning_or_zooming(chart):
    candles = rising(500)
    chart.show_candles(candles, {})
    for _ in range(30):
        chart.pan(-1)
    assert chart.range[1] > candles.times[0]
    for _ in range(30):
        chart.zoom(0.5)
    assert chart.range[1] - chart.range[0] >= 10 * BAR * 0.99


def test_many_bars_become_few_candles(chart):
    candles = rising(50_000)
    chart.show_candles(candles, values(candles))
    assert chart.each == 1
    chart.show_range(float(candles.times[0]), float(candles.times[-1]))
    assert chart.each >= 128
    assert pixels(chart, "ok") > 500


def test_keys_go_from_candle_to_candle_and_say_its_place(qtbot, chart):
    candles = rising(200)
    chart.show_candles(candles, values(candles))
    told: list[int] = []
    chart.pointed.connect(told.append)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert told == [199, 198, -1]


def test_the_mouse_points_at_the_candle_under_it(qtbot, chart):
    candles = rising(200)
    chart.show_candles(candles, values(candles))
    surface = chart.findChild(type(chart._frame.widget)).viewport()
    qtbot.mouseMove(surface, QPoint(300, 100))
    low, high = chart.range
    at = chart._frame.x_at(QPoint(300, 100))
    assert low < at < high
    assert chart.candles.times[chart.crosshair_at] <= at < chart.candles.times[chart.crosshair_at] + BAR


def test_a_pane_without_values_takes_no_room(chart):
    candles = rising(200)
    chart.show_candles(candles, values(candles))
    both = chart._box.height()
    chart.show_candles(candles, {"histogram": values(candles)["histogram"]})
    chart.grab()
    assert chart._box.height() > both + 40


def test_a_value_too_few_is_refused(chart):
    with pytest.raises(ValueError, match="199 values to 200 candles"):
        chart.show_candles(rising(200), {"histogram": np.zeros(199)})


def test_without_candles_the_chart_says_so(chart):
    chart.nothing = "No candles yet"
    chart.show_candles(rising(10), {})
    chart.show_candles(NO_CANDLES, {})
    assert not chart._frame.widget.isVisible()
    assert chart.crosshair_at == -1


def test_the_colours_follow_the_theme(qapp, chart):
    chart.show_candles(rising(60), {})
    use_theme(qapp, "light")
    assert pixels(chart, "ok") > 500


def test_the_values_under_the_crosshair_stand_inside_a_chart_of_any_width(chart):
    candles = rising(200)
    chart.show_candles(candles, values(candles))
    for width in (800, 400, 300):
        chart.resize(width, 460)
        chart.point_at(150)
        assert chart.rect().contains(chart._readout.geometry())
        assert chart._readout.height() >= chart._readout.heightForWidth(chart._readout.width())
