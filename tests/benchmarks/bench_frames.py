"""Frames of the window's real pages while a sweep uses both cores, beside the same pages with nothing else to do.

The program, its window, the desk and every page are the real ones, over the home of the demonstration: a strategy that
trades, a campaign, a script, a project. Each page is in front by turns, idle and beside a sweep. A frame is all that
the window's thread does between two beats, by the wall; the processor's share of it stands beside.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_orders import sweep
from bench_window import Watched
from measuring import Figure, Report, asked, percentile, scratch
from PyQt6.QtCore import QTimer

from app.runtime.desk.desk import Desk
from app.runtime.desk.market_desk import MarketDesk
from app.runtime.desk.settings_desk import SettingsDesk
from app.runtime.pictures.demo import prepare
from app.runtime.qt.collecting import Collector
from app.runtime.qt.qt_workers import QtWorkers
from app.runtime.window.window import SWITCH_SECONDS, existing_application
from widgets.frame.main_window import MainWindow

IDLE, SWEEP = "idle", "beside a sweep"
PAGES = ("trading", "overview", "processes", "decisions", "rules", "logs", "inbox", "settings")
SIZE = 1440, 900
WARM = 2.0
LIVED = 8.0
"""Seconds for which the program has run before anything is measured."""


def main() -> None:
    report = asked("frames", __doc__)
    pages, seconds, rounds = (PAGES[:1], 0.5, 1) if report.quick else (PAGES, 10.0, 3)
    engine = "incremental" if report.quick else "kernel"
    application = Watched()
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    with scratch() as folder, shown(folder, application, 0.5 if report.quick else LIVED) as live:
        for turn in range(rounds):
            for side in (IDLE, SWEEP)[:: 1 if turn % 2 == 0 else -1]:
                with sweep(folder, engine) if side == SWEEP else nullcontext():
                    for page in pages:
                        found.setdefault((side, page), []).append(frames(live, application, page, seconds))
    fill_in(report, found)
    report.print()
    sys.stdout.flush()
    os._exit(0)  # an application whose events pass through Python does not survive the interpreter's end


def fill_in(report: Report, found: dict[tuple[str, str], list[tuple[float, float, float]]]) -> None:
    for (side, page), measured in found.items():
        p99 = report.side(f"{page}, {side}: frame p99", [each[0] for each in measured], "ms")
        report.side(f"{page}, {side}: frame p99, processor alone", [each[1] for each in measured], "ms")
        report.side(f"{page}, {side}: longest frame", [each[2] for each in measured], "ms")
        report.figures.append(Figure(f"frame p99 on {page}, {side}", p99, "ms", at_most=16))


Live = Callable[[str, float], None]
"""Bring a page to the front and let Qt's own loop run for so long."""


def frames(live: Live, application: Watched, page: str, seconds: float) -> tuple[float, float, float]:
    """The 99th percentile of a page's frames in ms, of the processor's part of them, and the longest."""
    live(page, WARM if seconds > 1 else seconds)
    application.beat()
    application.forget()
    live(page, seconds)
    taken, _gaps, processor, _longest = application.found()
    return percentile(taken, 0.99), percentile(processor, 0.99), max(taken)


@contextmanager
def shown(folder: Path, application: Watched, lived: float) -> Iterator[Live]:
    """The demonstration's program in its window, as the session of the real window has it."""
    existing_application()
    window = MainWindow()
    window.use_less_motion(True)
    program = prepare(folder)
    program.workers = QtWorkers()
    program.run_steps()
    desk = Desk(program, window)
    SettingsDesk(desk, lambda _general: None)
    MarketDesk(desk)
    desk.open()
    desk.each_beat.append(application.beat)
    collector = Collector(window)
    window.show()
    window.open_dashboard()
    window.resize(*SIZE)
    sys.setswitchinterval(SWITCH_SECONDS)

    def live(page: str, seconds: float) -> None:
        window.go_to(page)
        QTimer.singleShot(int(1000 * seconds), application.exit)
        application.exec()

    live("trading", lived)
    gc.collect()
    gc.freeze()
    yield live
    desk.close()
    program.close()
    collector.stop()
    window.close()


if __name__ == "__main__":
    main()
