"""The program in its window: first paint, then the start, then the dashboard, and an end in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import PyQt6.QtNetwork  # noqa: F401 - here: a module of Qt that a worker is still loading crashes the window's thread
from PyQt6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication

from app.control.notices import tell_beside
from app.paths import Home
from app.runtime.qt import guards, qt_messages
from app.runtime.qt.qt_workers import QtWorkers
from app.steps import STEPS, WINDOW
from services.core.words import counted
from widgets.frame.main_window import MainWindow
from widgets.frame.views import StepView

if TYPE_CHECKING:
    from app.program import Program
    from app.runtime.options import Options
    from app.runtime.qt.stalls import Stall
    from app.runtime.window.start_up import StartUp
    from services.core.projections.views import PastView

log = logging.getLogger(__name__)
SWITCH_SECONDS = 0.001
"""How long a busy thread keeps the interpreter from the window's; Python's own 5 ms are felt in a frame of 16."""
HARD_STALL = 5.0
"""Seconds after which the stacks of a window that stands still are written, whoever holds the interpreter's lock."""
LONG_STALL = 1.0
"""Seconds of standing still that what led to them is kept for."""
LEAVE_PATIENCE_MS = 500
"""How long stuck threads may still end by themselves before the program leaves without them."""


def run_window(home: Home, options: Options) -> int:
    """Show the window and run until the user quits; returns the exit code."""
    gc.disable()  # from the first widget on; the session's collector takes over
    qt_messages.to_log()
    application = existing_application()
    window = MainWindow()
    window.show_steps((StepView(STEPS[0], "running"), *(StepView(name) for name in (*STEPS[1:], WINDOW))))
    window.show()
    application.processEvents()  # the first paint, before anything heavy is imported

    sys.setswitchinterval(SWITCH_SECONDS)
    import qasync

    from app.program import open_program

    workers = QtWorkers()
    program = open_program(home, workers=workers, **options.of_program)
    session = Session(application, window, program, workers, options.lock, options.seconds)
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        code: int = loop.run_until_complete(session.run())
    leave(workers, code)
    return code


def existing_application() -> QApplication:
    """The one application, dressed."""
    from widgets.theme import load_fonts, use_theme, wanted_theme

    known = QApplication.instance()
    application = known if isinstance(known, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Dreamscape")
    application.setDesktopFileName("dreamscape")
    application.setQuitOnLastWindowClosed(False)
    load_fonts(application)
    use_theme(application, wanted_theme("system"))
    return application


def leave(workers: QtWorkers, code: int) -> None:
    """Leave by force if a thread is stuck: Qt would wait for it for good."""
    if not workers.wait(LEAVE_PATIENCE_MS):
        log.warning("%s did not end; leaving without", counted(workers.busy, "thread"))
        logging.shutdown()
        os._exit(code)


def _read_ahead(last: PastView) -> None:
    """Read what the other pages will ask of what was known last; in a worker, behind Overview's first paint."""
    from widgets.states.ahead import read_ahead

    read_ahead(last)


def _load_connections() -> None:
    """Load what ``Session._connect`` needs; in a worker, so that the window goes on meanwhile."""
    for name in (
        "window.closing",
        "qt.collecting",
        "instance",
        "desk.market_desk",
        "desk.news",
        "desk.offers",
        "desk.settings_desk",
        "qt.stalls",
    ):
        import_module(f"app.runtime.{name}")


class Session(QObject):
    """From the first step to the last."""

    _quit_wanted = pyqtSignal()
    _show_wanted = pyqtSignal()

    def __init__(
        self,
        application: QApplication,
        window: MainWindow,
        program: Program,
        workers: QtWorkers,
        lock: Any,
        seconds: float | None = None,
    ) -> None:
        super().__init__()
        self.application, self.window, self.program, self.workers = application, window, program, workers
        self._lock, self._seconds = lock, seconds
        self._ending: asyncio.Future[int] | None = None
        self._flushed = True
        self.desk: Any = None
        self.layout: Any = None
        self.up = False
        """Whether the start has ended and the window shows what is so now."""
        self.server: Any = None
        self._quit_timer = QTimer(self)
        self._quit_timer.setSingleShot(True)
        self._quit_timer.timeout.connect(self.quit)
        self._quit_wanted.connect(self.quit)
        self._show_wanted.connect(self.show_window)

    async def run(self) -> int:
        """Start, live, end."""
        from app.runtime.qt.signals import EndSignals
        from app.runtime.window.start_up import Refused, StartUp

        self._ending = asyncio.get_running_loop().create_future()
        signals = EndSignals(self.quit, lambda: os._exit(130))
        self.window.installEventFilter(self)
        start = StartUp(self.program, self.window, self.workers)
        try:
            starting: asyncio.Future[Any] = asyncio.ensure_future(self._start(start))
            wanted: set[asyncio.Future[Any]] = {starting, self._ending}
            done, _ = await asyncio.wait(wanted, return_when=asyncio.FIRST_COMPLETED)
            if starting in done:
                await starting
                if self._seconds is not None:
                    self._quit_timer.start(int(1000 * self._seconds))
                await self._ending
            else:
                start.leave()  # the step that is under way is not broken off: what it opened is closed in order
                await starting
        except Refused:
            log.info("the user chose to quit at the start")
        finally:
            await self._end()
            signals.close()
        if not self._flushed:
            tell_beside(f"{self.program.home.store}: not everything reached the disk; see that it has room.")
        return 0 if self._flushed else 1

    def quit(self) -> None:
        """Begin the end; from the GUI thread."""
        if self._ending is not None and not self._ending.done():
            self._ending.set_result(0)

    def show_window(self) -> None:
        """Bring the window before the user."""
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()

    async def _start(self, start: StartUp) -> None:
        """Settings, then what was known last, at once; the rest comes up behind it.

        A home that remembers nothing has nothing to show: its splash stays until all is there.
        """
        from app.runtime.window.start_up import in_worker

        await start.run(at_most=1)
        await self._dress()
        last: PastView | None = await in_worker(self.workers, "last view", self._last_view)
        if last is not None:
            await start.window_step(lambda: self._open_desk(last))
            await self._open()
            self.workers.start("read ahead", lambda: _read_ahead(last))
            start.on_step = self.desk.tell_step
        await start.run()
        await in_worker(self.workers, "load", _load_connections)
        rest = () if last is not None else (lambda: self._open_desk(None),)
        await start.window_step(self._answer, *rest, self._connect)
        if not self.window.is_open:
            await self._open()
        gc.freeze()  # without a collection: it would hold the open window up for what little a start leaves behind

    def _last_view(self) -> PastView | None:
        try:
            from app.runtime.window.last_view import last_view  # in the worker: its imports are the longer part of it

            last = last_view(self.program.home)
            if last is not None and self.layout.page not in ("", "overview"):
                _read_ahead(
                    last
                )  # another page is shown first: what it asks of the disk is not left to the window's thread
            return last
        except Exception:  # what was must not keep the program from coming up
            log.exception("what was known last cannot be shown")
            return None

    async def _open(self) -> None:
        """Grow into the dashboard; ends when it has been painted, for what is loaded next would hold that up."""
        painted = asyncio.get_running_loop().create_future()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None

        def rests() -> None:
            if self.window.is_open and not painted.done():
                painted.set_result(None)

        resting = dispatcher.aboutToBlock.connect(rests)
        try:
            self.window.open_dashboard()
            await painted
        finally:
            dispatcher.aboutToBlock.disconnect(resting)

    async def _dress(self) -> None:
        """What the settings say of the window, and how it was left."""
        from app.runtime.window.appearance import Appearance
        from app.runtime.window.layout import Layout
        from app.runtime.window.start_up import in_worker

        assert self.program.loaded is not None
        if self.program.environment is not None and self.program.environment.live_notice:
            tell_beside(f"{self.program.environment.live_notice}.")
        self.appearance = Appearance(self.application, self.window)
        self.appearance.use(self.program.loaded.settings.general)
        layout = Layout(self.program.home, self.window, self.workers)
        await in_worker(self.workers, "layout", layout.read)
        self.layout = layout

    def _answer(self) -> None:
        """Answer other instances and the command line from now on. Raises ``UserError`` where no socket can be made."""
        from app.runtime.instance import serve

        self.server = serve(self._lock, self.program, self._quit_from_afar, self._show_from_afar)

    def _open_desk(self, last: PastView | None) -> None:
        """The pages, over what was known ``last`` if the program is still coming up."""
        from app.runtime.desk.desk import Desk

        desk = Desk(self.program, self.window)
        desk.wants.connect(self._wanted_early)
        desk.open(last)
        self.layout.restore()
        self.desk = desk

    def _connect(self) -> None:
        """The program has come up: all that needs it."""
        from app.login import this_systems_entry
        from app.runtime.desk.market_desk import MarketDesk
        from app.runtime.desk.news import News
        from app.runtime.desk.offers import Offers
        from app.runtime.desk.settings_desk import SettingsDesk
        from app.runtime.qt.collecting import Collector
        from app.runtime.qt.stalls import GuiWatch
        from app.runtime.window.closing import Closing

        desk = self.desk
        desk.wants.disconnect(self._wanted_early)
        login = this_systems_entry(self.program.home, self.program.env)
        self.settings = SettingsDesk(desk, self.appearance.use, login=login)
        stop = partial(desk.stopping.ask, "the tray")
        self.closing = Closing(self.window, self.program, self.quit, self.settings.change, stop)
        desk.stopping.told.connect(self.closing.tell_hidden)
        self.offers = Offers(desk, self.program, self.settings, self.quit)
        self.news = News(desk)
        self.market = MarketDesk(desk)
        self.collector = Collector(self)
        self.watch = GuiWatch(threading.get_ident(), self._stalled)
        desk.go_live()
        desk.watched_by(self.watch)
        self.watch.start()
        guards.crash_file(self.program.home.logs / "crash.log")
        desk.each_frame.append(lambda: guards.watch_hard_stalls(HARD_STALL))
        guards.tell(desk.unhandled)
        self.program.on_broken.append(lambda why: desk.unhandled(f"{why}. Nothing more is kept: quit and start again."))
        self.up = True  # only now: what is not wholly open is not taken for open

    def _wanted_early(self, action: str) -> None:
        """What concerns the whole program, while it comes up."""
        if action == "quit":
            self.quit()
        else:
            self.desk.tell_starting()

    def _stalled(self, stall: Stall) -> None:
        if stall.seconds >= LONG_STALL:
            self.program.logs.alarm("window", "", f"it stood still for {stall.seconds:.1f} s, at {stall.where}")

    def _quit_from_afar(self) -> None:
        self._quit_wanted.emit()

    def _show_from_afar(self) -> None:
        self._show_wanted.emit()

    async def _end(self) -> None:
        """Everything is taken down in a worker, while the window says what is waited for."""
        from app.runtime.window.start_up import in_worker

        if self.up:
            self.closing.ending()
            self.market.close()
            self.watch.stop()
            guards.rest()
        if self.desk is not None:
            self.layout.note()
            self.desk.close()
        await in_worker(self.workers, "end", self._take_down)
        if self.up:
            self.collector.stop()  # only now: until here a worker could have freed a widget
        self.window.removeEventFilter(self)
        self.window.close()

    def _take_down(self) -> None:
        if self.desk is not None:
            self.layout.write()
        if self.server is not None:
            self.server.close()
        self._flushed = self.program.close().flushed

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """The window is closed: ask, or do as the user once said."""
        if event is not None and watched is self.window and event.type() is QEvent.Type.Close:
            if not self.up:
                self.quit()
            else:
                self.closing.asked()
            event.ignore()
            return True
        return super().eventFilter(watched, event)
