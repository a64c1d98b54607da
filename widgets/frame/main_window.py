"""The one window: a small page 0 that tells the start, then the dashboard it grows into.

Importing this and showing the splash loads QtWidgets only; the dashboard's modules come with `fill`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QKeyEvent, QMoveEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QMainWindow, QStackedWidget

from widgets.frame.growth import grow, motion_is_wanted
from widgets.frame.smallest import SMALLEST
from widgets.frame.splash_page import SPLASH_SIZE, SplashPage
from widgets.frame.views import FailureView, FrameView, PageEntry, StepView
from widgets.theme import app_icon

if TYPE_CHECKING:
    from widgets.actions import ActionRegistry
    from widgets.frame.dashboard import Dashboard
    from widgets.parts.toast import ToastStack, ToastView

DASHBOARD_SIZE = QSize(1440, 900)
_NOT_PLAIN = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowMinimized | Qt.WindowState.WindowFullScreen
WINDOW, MAXIMISED, PAGE = "window", "maximised", "page"
"""The keys of the window's own geometry, its state and its page among the remembered sizes."""


class MainWindow(QMainWindow):
    """`command` says ids of actions that the frame cannot do itself; nothing is decided here."""

    command = pyqtSignal(str)
    page_shown = pyqtSignal(str)
    offer_taken = pyqtSignal(str)  # the id of a toast
    splash_chosen = pyqtSignal(str)  # the id of an offer made when the start failed
    closing = pyqtSignal()
    arranged = pyqtSignal()  # a pane, the window or the page is another than a moment ago
    opened = pyqtSignal()  # the dashboard has its place, and is about to be painted

    def __init__(self, name: str = "Dreamscape") -> None:
        super().__init__()
        self._name = name
        self._less_motion = False
        self._geometry: QRect | None = None
        self._maximised = False
        self._placed = False
        self.dashboard: Dashboard | None = None
        self.toasts: ToastStack | None = None
        self.setWindowTitle(name)
        self.setWindowIcon(app_icon())
        self._stack = QStackedWidget(self)
        self.splash = SplashPage(name, self)
        self.splash.chosen.connect(self.splash_chosen)
        self._stack.addWidget(self.splash)
        self.setCentralWidget(self._stack)
        self.resize(SPLASH_SIZE)

    # The start

    def show_steps(self, steps: tuple[StepView, ...]) -> None:
        """Tick the steps of the start as they are."""
        self.splash.show_steps(steps)
        if self.dashboard is not None:
            self.dashboard.start.steps.show_steps(steps)
        self._fit_splash()

    def show_failure(self, view: FailureView) -> None:
        """The start cannot go on; the person reads why and chooses. It hides a dashboard that was open already."""
        self.splash.show_failure(view)
        self._stack.setCurrentWidget(self.splash)
        self._fit_splash()

    @property
    def is_open(self) -> bool:
        """Whether the dashboard is what is shown."""
        return self.dashboard is not None and self._stack.currentWidget() is self.dashboard

    @property
    def is_seen(self) -> bool:
        """Whether it is on the screen: not hidden, minimised, or wholly covered where the desktop tells that."""
        handle = self.windowHandle()
        return self.isVisible() and not self.isMinimized() and handle is not None and handle.isExposed()

    def use_less_motion(self, less: bool) -> None:
        """A person's own wish, besides the desktop's."""
        self._less_motion = less

    def fill(self, pages: tuple[PageEntry, ...], actions: ActionRegistry) -> None:
        """Build the dashboard behind the splash; no page is built yet."""
        from widgets.frame.dashboard import Dashboard
        from widgets.parts.toast import ToastStack

        self.dashboard = Dashboard(self._name, pages, actions, self)
        self.dashboard.start.steps.show_steps(self.splash.steps)
        self.dashboard.command.connect(self.command)
        self.dashboard.page_shown.connect(self.page_shown)
        self.dashboard.page_shown.connect(self._arranged)
        self.dashboard.pages.arranged.connect(self._arranged)
        self._stack.addWidget(self.dashboard)
        self.toasts = ToastStack(self.dashboard, self.dashboard.bottom.height())
        self.toasts.taken.connect(self.offer_taken)

    def open_dashboard(self) -> None:
        """Grow from the splash into the dashboard. Raises RuntimeError before `fill`."""
        self._known()
        animated = motion_is_wanted() and not self._less_motion and self.isVisible()
        grow(self, self.geometry(), self._wanted_geometry(), self._grow_step, self._grown, animated=animated)

    # The dashboard

    def show_frame(self, view: FrameView) -> None:
        """New values around the pages."""
        self._known().show_view(view)

    def go_to(self, page_id: str) -> None:
        """Show a page. Raises KeyError for an unknown one."""
        self._known().go_to(page_id)

    def show_toast(self, view: ToastView) -> None:
        """Tell what was just done, with what it offers."""
        if self.toasts is None:
            raise RuntimeError("a toast needs the dashboard; call fill() first")
        self.toasts.show_toast(view)

    def layout_sizes(self) -> dict[str, str]:
        """The sizes of panes and window, and the page, as text, to be kept until the next start."""
        plain = not self.windowState() & _NOT_PLAIN
        own = self.geometry() if plain else self.normalGeometry()
        window = f"{own.x()} {own.y()} {own.width()} {own.height()}"
        pages, state = self._known().pages, "yes" if self.isMaximized() else ""
        return pages.sizes() | {WINDOW: window, MAXIMISED: state, PAGE: pages.current_id}

    def restore_sizes(self, sizes: Mapping[str, str]) -> None:
        """Use remembered sizes; what is missing or broken stays as it is by default."""
        own = (WINDOW, MAXIMISED, PAGE)
        self._known().pages.remember({name: size for name, size in sizes.items() if name not in own})
        self._known().begin_at(sizes.get(PAGE, ""))
        self._geometry = _read_geometry(sizes.get(WINDOW, ""))
        self._maximised = bool(sizes.get(MAXIMISED))

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        screen = self.screen()
        if screen is not None and not self._placed:
            self._placed = True  # where no one manages windows, they would begin in the corner
            place = self.geometry()
            place.moveCenter(screen.availableGeometry().center())
            self.setGeometry(place)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arranged()

    def moveEvent(self, event: QMoveEvent | None) -> None:  # noqa: N802
        super().moveEvent(event)
        self._arranged()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() is QEvent.Type.WindowStateChange:
            self._arranged()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        """Esc, where nothing nearer took it: the newest toast goes, or else the past moment."""
        if event is None or event.key() != Qt.Key.Key_Escape or self.dashboard is None:
            super().keyPressEvent(event)
        elif self.toasts is None or not self.toasts.dismiss():
            self.dashboard.past.leave()

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802
        self.closing.emit()
        super().closeEvent(event)

    def _arranged(self) -> None:
        if self.is_open:
            self.arranged.emit()

    def _known(self) -> Dashboard:
        if self.dashboard is None:
            raise RuntimeError("there is no dashboard yet; call fill() first")
        return self.dashboard

    def _fit_splash(self) -> None:
        if self._stack.currentWidget() is self.splash:
            self.setMinimumSize(0, 0)
            self.resize(self.splash.sizeHint())

    def _wanted_geometry(self) -> QRect:
        screen = self.screen()
        room = screen.availableGeometry() if screen is not None else QRect(0, 0, 1440, 900)
        if self._geometry is not None and room.intersects(self._geometry):
            return self._geometry
        wanted = QRect(0, 0, min(DASHBOARD_SIZE.width(), room.width()), min(900, room.height()))
        wanted.moveCenter(room.center())
        return wanted

    def _grow_step(self, geometry: QRect, part: float) -> None:
        self.splash.fade(max(0.0, 1 - 2 * part))
        self.setGeometry(geometry)

    def _grown(self) -> None:
        self._stack.setCurrentWidget(self._known())
        self.splash.fade(1.0)
        # Not on the first button: a focus ring says that someone chose it.
        self._known().setFocus()
        screen = self.screen()
        room = screen.availableGeometry().size() if screen is not None else SMALLEST
        self.setMinimumSize(SMALLEST.boundedTo(room))
        if self._maximised:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        self.opened.emit()


def _read_geometry(text: str) -> QRect | None:
    parts = text.split()
    if len(parts) != 4 or not all(part.lstrip("-").isdecimal() for part in parts):
        return None
    x, y, width, height = (int(part) for part in parts)
    return QRect(x, y, width, height) if width > 0 and height > 0 else None
