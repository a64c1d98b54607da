"""What ``bench_start`` starts: the real ``dreamscape run``, watched from within, or the bare window beside it.

    started.py program FILE HOME      as the command line starts it
    started.py bare FILE CHARTS       a window with so many charts of pyqtgraph

What is shown counts from the moment Qt has nothing left to do: by then it is painted. The moments go to FILE as JSON,
in the machine's monotonic seconds, so that the parent can compare them with when it started us, and beside each the
processor's seconds that this process had used by then.
"""

import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QAbstractEventDispatcher
from PyQt6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

AT_MOST = "60"
"""Seconds after which the program ends by itself."""
POINTS = 600


class Watcher:
    """Looks, whenever Qt comes to rest, which of the moments has come; calls ``done`` after the last."""

    def __init__(self, file: Path, moments: dict[str, Callable[[], bool]], done: Callable[[], None]) -> None:
        self._file, self._waiting, self._done = file, moments, done
        self.told: dict[str, Any] = {}
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.aboutToBlock.connect(self.look)

    def look(self) -> None:
        now = time.monotonic()
        for name in [name for name, has_come in self._waiting.items() if has_come()]:
            self.told[name] = now
            self.told[f"{name}, processor"] = time.process_time()
            del self._waiting[name]
            if not self._waiting:
                self._file.write_text(json.dumps(self.told))
                self._done()


def main(side: str, file: Path, what: str) -> int:
    return program(file, Path(what)) if side == "program" else bare(file, int(what))


def program(file: Path, home: Path) -> int:
    """The command line's own way, in this interpreter."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    application = QApplication(sys.argv[:1])
    shown = Shown(application)
    moments = {"first paint": shown.splash, "first step": shown.first_step}
    moments |= {"overview": shown.overview, "live": shown.live}
    watcher = Watcher(file, moments, lambda: signal.raise_signal(signal.SIGTERM))
    shown.told = watcher.told

    from app.cli.main import main as command_line

    return command_line(["--home", str(home), "run", "--for", AT_MOST])


class Shown:
    """What the program's window shows."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._found: Any = None
        self.told: dict[str, Any] = {}

    def splash(self) -> bool:
        return self._window() is not None and self._window().isVisible()

    def first_step(self) -> bool:
        return self.splash() and any(step.state == "done" for step in self._window().splash.steps)

    def overview(self) -> bool:
        """The dashboard is up, and what the home remembers is drawn in its charts."""
        dashboard = self._window().dashboard if self.splash() else None
        page = dashboard.pages.page("overview") if dashboard is not None and dashboard.isVisible() else None
        if page is None or not page.isVisible():
            return False
        charts = _charts(page)
        self.told["charts"] = len(charts)
        self.told["charts with values"] = sum(map(_has_values, charts))
        drawn = [chart.redraws > 0 for chart in charts if _has_values(chart)]
        return bool(drawn) and all(drawn)

    def live(self) -> bool:
        """All steps of the start are done, and Overview shows what is so now and can be acted on."""
        window = self._window()
        done = window is not None and all(step.state == "done" for step in window.splash.steps)
        return done and self.overview() and bool(window.dashboard.pages.page("overview").can_act)

    def _window(self) -> Any:
        if self._found is None:
            self._found = next((each for each in self._application.topLevelWidgets() if hasattr(each, "splash")), None)
        return self._found


def _charts(page: QWidget) -> list[Any]:
    from widgets.parts.chart import LineChart

    return page.findChildren(LineChart)


def _has_values(chart: Any) -> bool:
    return any(len(chart.points(series.id)[0]) for series in chart.spec.series)


def bare(file: Path, charts: int) -> int:
    """A window of PyQt6 with so many charts, each with a line, and nothing else."""
    import numpy as np
    import pyqtgraph as pg

    application = QApplication(sys.argv[:1])
    window, middle = QMainWindow(), QWidget()
    column = QVBoxLayout(middle)
    x = np.arange(POINTS, dtype=np.float64)
    for number in range(charts):
        plot = pg.PlotWidget()
        plot.plot(x, np.sin(x / 40 + number))
        column.addWidget(plot)
    window.setCentralWidget(middle)
    window.resize(1440, 900)
    window.show()
    watcher = Watcher(file, {"shown": window.isVisible}, application.quit)
    application.exec()
    return 0 if watcher.told else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
