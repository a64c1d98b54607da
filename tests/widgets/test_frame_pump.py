import threading

import pytest
from PyQt6.QtWidgets import QWidget

from widgets.frame_pump import FRAME_MS, FramePump


class Watch:
    """A monotonic clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pump(qapp, watch) -> FramePump:
    return FramePump(monotonic=watch)


def test_of_many_values_between_two_beats_only_the_newest_is_shown(pump):
    shown = []
    sink = pump.newest(shown.append)
    for value in range(1000):
        sink.put(value)
    pump.beat()
    pump.beat()
    assert shown == [999]


def test_a_batch_brings_every_value_once_and_counts_what_did_not_fit(pump):
    shown = []
    sink = pump.batch(shown.append, capacity=3)
    for value in range(5):
        sink.put(value)
    pump.beat()
    pump.beat()
    assert shown == [(0, 1, 2)]
    assert sink.dropped == 2


def test_a_hidden_widget_gets_the_newest_value_when_it_is_seen(qtbot, pump):
    page, shown = QWidget(), []
    qtbot.addWidget(page)
    sink = pump.newest(shown.append, owner=page)
    sink.put(1)
    pump.beat()
    sink.put(2)
    pump.beat()
    assert shown == []
    page.show()
    pump.beat()
    assert shown == [2]


def test_values_may_come_from_other_threads(pump):
    shown = []
    sink = pump.batch(shown.append)
    threads = [threading.Thread(target=lambda: [sink.put(i) for i in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pump.beat()
    assert sum(len(batch) for batch in shown) == 2000


def test_the_frame_time_counts_lateness_and_work(pump, watch):
    pump.newest(lambda seconds: setattr(watch, "now", watch.now + seconds)).put(0.010)
    pump.beat()
    assert pump.p99_ms == pytest.approx(10)
    watch.now = FRAME_MS / 1000 + 0.300
    pump.beat()
    assert pump.p99_ms == pytest.approx(300)
    assert pump.stalls == 1


def test_one_slow_frame_in_a_thousand_is_no_p99(pump, watch):
    for _ in range(899):
        pump.beat()
        watch.now += FRAME_MS / 1000
    watch.now += 0.1
    pump.beat()
    assert pump.p99_ms == pytest.approx(0, abs=0.01)


def test_a_sink_that_fails_is_told_stops_no_other_and_is_detached_after_repeats(pump, caplog):
    def fail(value: int) -> None:
        raise ZeroDivisionError(f"value {value}")

    shown, detached = [], []
    pump.detached.connect(detached.append)
    bad, good = pump.newest(fail), pump.newest(shown.append)
    for value in range(7):
        bad.put(value)
        good.put(value)
        pump.beat()
    assert shown == [0, 1, 2, 3, 4, 5, 6]
    assert detached == ["ZeroDivisionError: value 4"]
    assert caplog.text.count("could not show its values") == 5


def test_one_timer_beats_while_the_pump_runs(qtbot, qapp):
    pump, shown = FramePump(), []
    sink = pump.newest(shown.append)
    pump.start()
    sink.put(1)
    qtbot.waitUntil(lambda: shown == [1])
    pump.stop()
    assert not pump.running


def test_a_removed_sink_gets_nothing_more(pump):
    shown = []
    sink = pump.newest(shown.append)
    sink.put(1)
    pump.remove(sink)
    pump.remove(sink)
    pump.beat()
    assert shown == []
