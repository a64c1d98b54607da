"""The window under load: 50,000 samples and 200 events a second from workers, with ten charts that are redrawn live.

Program, window, desk and pump are the real ones; the page is ours, and hands all points to its ten charts at each beat.
Roll-ups come once a second, so once a second all ten have something new to paint.
Beside it the other way to do it: a signal for each sample into the charts.
A frame is all that the window's thread does between two beats; a stall is one spell of it without coming to rest.
"""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from measuring import Figure, Report, asked, percentile, scratch
from PyQt6.QtCore import QEvent, QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication, QGridLayout
from week import Week

from app.paths import Home
from app.program import Program, open_program
from app.runtime.desk import desk as desks
from app.runtime.qt.collecting import Collector
from app.runtime.qt.qt_workers import QtWorkers
from app.runtime.window.window import SWITCH_SECONDS, existing_application
from services.core.projections.views import View
from widgets.frame.main_window import MainWindow
from widgets.frame.views import PageEntry
from widgets.frame_pump import FRAME_MS
from widgets.pages.page import Page
from widgets.parts.chart import ChartSpec, LineChart, SeriesSpec

SAMPLES, EVENTS, WORKERS, CHARTS = 50_000, 200, 4, 10
PULSE = 0.01
METRICS = [f"bench.level:{number}" for number in range(CHARTS)]
WARM = 3.0
SHOWN = 600
"""Seconds that each chart shows, one point each."""


class ChartsPage(Page):
    """Ten charts, and nothing saved on them."""

    live = True
    """Whether the points come from the view; else from signals."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        self.charts = {}
        for number, metric in enumerate(METRICS):
            chart = LineChart(ChartSpec(metric, (SeriesSpec("line", "Level"),), capacity=SHOWN), self)
            grid.addWidget(chart, number // 4, number % 4)
            self.charts[metric] = chart

    def refresh(self, view: View) -> None:
        for metric, chart in self.charts.items() if self.live else ():
            rollups = view.series(metric, SHOWN)
            chart.replace("line", [float(each.at) for each in rollups], [each.last for each in rollups])


class PerSample(QObject):
    """The other way: every sample is a signal of its own."""

    put = pyqtSignal(str, float)

    def __init__(self, page: ChartsPage) -> None:
        super().__init__()
        self._page, self._count = page, 0
        self.put.connect(self.take)

    def take(self, metric: str, value: float) -> None:
        self._count += 1
        self._page.charts[metric].append("line", float(self._count), value)


class Watched(QApplication):
    """Times every event that the window's thread handles; both sides pay alike for being watched."""

    def __init__(self) -> None:
        super().__init__(["dreamscape"])
        self.frames: list[float] = []
        self.gaps: list[float] = []
        self.processor: list[float] = []
        self.longest = 0.0
        self._within = False
        self._busy, self._began, self._beat, self._used = 0.0, 0.0, 0.0, 0.0

    def notify(self, receiver: QObject | None, event: QEvent | None) -> bool:
        if self._within:
            return super().notify(receiver, event)
        self._within, self._began = True, time.perf_counter()
        try:
            return super().notify(receiver, event)
        finally:
            spent = time.perf_counter() - self._began
            self._busy += spent
            self.longest = max(self.longest, 1000 * spent)
            self._within = False

    def beat(self) -> None:
        """A beat begins: what was done since the last one was one frame."""
        now, used = time.perf_counter(), time.thread_time()
        self.processor.append(1000 * (used - self._used))
        self._used = used
        spent, self._began = now - self._began if self._within else 0.0, now
        self.frames.append(1000 * (self._busy + spent))
        self.gaps.append(1000 * (now - self._beat))
        self._busy, self._beat = 0.0, now

    def found(self) -> tuple[list[float], list[float], list[float], float]:
        """What was measured up to now, and stays so: frames, gaps, processor, longest event."""
        return list(self.frames), list(self.gaps), list(self.processor), self.longest

    def forget(self) -> None:
        """Measure anew from here."""
        self.frames, self.gaps, self.processor, self.longest = [], [], [], 0.0


@dataclass
class Load:
    """What the workers do while a side is measured."""

    program: Program
    put: Callable[[str, float], None]
    stop: threading.Event = field(default_factory=threading.Event)
    samples: int = 0
    events: int = 0

    def start(self, name: str) -> None:
        for number in range(WORKERS):
            self.program.engine.workers.start(f"{name} samples {number}", self._feed)
        self.program.engine.workers.start(f"{name} events", self._tell)

    def _feed(self) -> None:
        handful, due = int(SAMPLES * PULSE / WORKERS), time.perf_counter()
        while not self.stop.is_set():
            for number in range(handful):
                self.put(METRICS[number % CHARTS], float(number % 97))
            self.samples += handful
            due = self._rest(due + PULSE)

    def _tell(self) -> None:
        due, events = time.perf_counter(), Week().events(timedelta(hours=2))
        while not self.stop.is_set():
            for _ in range(int(EVENTS * PULSE)):
                _, source, event = next(events)
                self.program.engine.journal.append(event, source=source)
                self.events += 1
            due = self._rest(due + PULSE)

    def _rest(self, due: float) -> float:
        """Wait until ``due``; who is late by far gives up what was missed instead of hurrying after it."""
        now = time.perf_counter()
        time.sleep(max(0.0, due - now))
        return max(due, now - 0.1)


@dataclass
class Measured:
    """One side under load for some seconds; times in milliseconds."""

    frames: list[float]
    gaps: list[float]
    """Between one beat and the next; 33 when nothing is late."""
    processor: list[float]
    """What of each frame the processor really worked; the rest of it was waiting for a core or the interpreter."""
    longest: float
    samples: float
    events: float

    @property
    def stalls(self) -> int:
        """Beats that came more than 50 ms late."""
        return sum(gap > FRAME_MS + 50 for gap in self.gaps)


def main() -> None:
    report = asked("window", __doc__)
    seconds, repetitions = (1.0, 1) if report.quick else (10.0, 3)
    application = Watched()
    with scratch() as folder, shown(folder, application) as bench:
        measured: dict[str, list[Measured]] = {"pump": [], "signal per sample": []}
        for turn in range(repetitions):
            for side, found in measured.items():
                found.append(bench.measure(f"{side} {turn}", side == "pump", seconds, 1.0 if report.quick else WARM))
    fill_in(report, measured)
    report.note = (
        "A frame's time is the wall's: with more to run than there are cores it holds waiting for one. The processor's"
        " own share of it stands beside."
    )
    report.print()
    sys.stdout.flush()
    os._exit(0)  # an application whose events pass through Python does not survive the interpreter's end


def fill_in(report: Report, measured: dict[str, list[Measured]]) -> None:
    p99 = {}
    for side, found in measured.items():
        p99[side] = report.side(f"{side}: frame p99", [percentile(each.frames, 0.99) for each in found], "ms")
        report.side(f"{side}: frame p50", [percentile(each.frames, 0.5) for each in found], "ms")
        report.side(f"{side}: frame p99, processor alone", [percentile(each.processor, 0.99) for each in found], "ms")
        report.side(f"{side}: from beat to beat p99", [percentile(each.gaps, 0.99) for each in found], "ms")
        report.side(f"{side}: longest event", [each.longest for each in found], "ms")
        report.side(f"{side}: stalls over 50 ms", [each.stalls for each in found], "")
        report.side(f"{side}: samples taken", [each.samples for each in found], "1/s")
        report.side(f"{side}: events told", [each.events for each in found], "1/s")
    sides = report.sides
    report.figures = [
        Figure("frame p99", p99["pump"], "ms", at_most=16),
        Figure("frame p99, processor alone", sides["pump: frame p99, processor alone"]["median"], "ms"),
        Figure("stalls over 50 ms", max(sides["pump: stalls over 50 ms"]["each"]), "", at_most=0),
        Figure("samples a second", sides["pump: samples taken"]["median"], "1/s", at_least=0.98 * SAMPLES),
        Figure("events a second", sides["pump: events told"]["median"], "1/s", at_least=0.98 * EVENTS),
        Figure("frame p99 with a signal for each sample, against it", p99["signal per sample"] / p99["pump"], "x"),
    ]


class Bench:
    """The program in its window, with the page of charts in front."""

    def __init__(self, application: Watched, program: Program, desk: desks.Desk, page: ChartsPage) -> None:
        self._application, self._program, self._desk, self._page = application, program, desk, page
        self._signals = PerSample(page)
        desk.each_beat.append(application.beat)

    def measure(self, name: str, pumped: bool, seconds: float, warm: float) -> Measured:
        self._page.live = pumped
        load = Load(self._program, self._program.engine.samples.put if pumped else self._signals.put.emit)
        load.start(name)
        self._live(warm)
        watched = self._application
        watched.beat()
        watched.forget()
        began, samples, events = time.perf_counter(), load.samples, load.events
        self._live(seconds)
        wall = time.perf_counter() - began
        told = (load.samples - samples) / wall, (load.events - events) / wall
        watched.beat()  # so that a side that let no beat come has its one long frame
        measured = Measured(*watched.found(), *told)
        load.stop.set()
        self._live(0.5)
        self._application.processEvents()  # signals still queued are not the next side's
        return measured

    def _live(self, seconds: float) -> None:
        """Qt's own loop, for so long."""
        QTimer.singleShot(int(1000 * seconds), self._application.exit)  # quit would close the window
        self._application.exec()


@contextmanager
def shown(folder: Path, application: Watched) -> Iterator[Bench]:
    """The program, started step by step, in the window that its desk fills."""
    existing_application()
    window = MainWindow()
    program = open_program(Home(folder / "home"), workers=QtWorkers())
    program.run_steps()
    made: list[ChartsPage] = []

    def page() -> Page:
        made.append(ChartsPage())
        return made[-1]

    desks.pages = lambda make: (PageEntry("charts", "Charts", "overview", "", make("charts", page)),)
    desk = desks.Desk(program, window)
    desk.open()
    collector = Collector(window)
    window.show()
    window.open_dashboard()
    application.processEvents()
    sys.setswitchinterval(SWITCH_SECONDS)  # as the session of the real window does, and what follows too
    gc.collect()
    gc.freeze()
    if not made[0].isVisible():
        raise RuntimeError("the page of charts is not on screen, so nothing would be measured")
    yield Bench(application, program, desk, made[0])
    desk.close()
    program.close()
    collector.stop()
    window.close()


if __name__ == "__main__":
    main()
