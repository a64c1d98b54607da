"""Page 1 of the window: bars, rail and pages together."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from widgets.actions import ActionEntry, ActionRegistry
from widgets.frame.page_stack import PageStack
from widgets.frame.past_bar import BACK_TO_NOW, PastBar
from widgets.frame.rail import RAIL_WIDTH, SLIM_RAIL_WIDTH, Rail
from widgets.frame.reading_order import neighbour
from widgets.frame.smallest import SMALLEST
from widgets.frame.start_strip import StartStrip
from widgets.frame.status_bar import StatusBar
from widgets.frame.top_bar import MENU, PALETTE, TopBar
from widgets.frame.views import FrameView, PageEntry
from widgets.key_help import KeyHelp
from widgets.palette import Palette
from widgets.parts.status import Status
from widgets.parts.text.wrapped import WrappedLabel

PAGE = "page:"
HELP = "key_help"
SLIM_BELOW = 1200
"""Px of width below which the rail leaves its room to the page."""


def frame_actions(pages: tuple[PageEntry, ...]) -> tuple[ActionEntry, ...]:
    """What the frame itself can do: the palette, the keys, the menu, and going to each page."""
    going = (
        ActionEntry(f"{PAGE}{page.id}", f"Go to {page.title}", shortcut=page_key(place), group="Go to")
        for place, page in enumerate(pages, start=1)
    )
    return (
        ActionEntry(PALETTE, "Search or run a command", shortcut="Ctrl+K"),
        ActionEntry(HELP, "Show all keys", shortcut="F1"),
        ActionEntry(MENU, "Open the menu", shortcut="F10"),
        *going,
    )


def page_key(place: int) -> str:
    """The first nine pages have Ctrl and their number."""
    return f"Ctrl+{place}" if place <= 9 else ""


class Dashboard(QWidget):
    """Shows what it is given; what it cannot do itself goes out as `command`."""

    command = pyqtSignal(str)
    page_shown = pyqtSignal(str)

    def __init__(
        self, name: str, pages: tuple[PageEntry, ...], actions: ActionRegistry, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.actions_known = actions
        actions.add(*frame_actions(pages))
        keys = {page.id: page_key(place) for place, page in enumerate(pages, start=1)}
        self.top = TopBar(name, {entry.id: entry.shortcut for entry in actions.entries()}, self)
        self.rail = Rail(pages, keys, self)
        self.pages = PageStack(pages, self)
        self.bottom = StatusBar(self)
        self.banner = WrappedLabel("", self)
        self.banner.setProperty("part", "banner")
        self.banner.hide()
        self.start = StartStrip(self)
        self.past = PastBar(next((each.shortcut for each in actions.entries() if each.id == BACK_TO_NOW), ""), self)
        self._ids = frozenset(page.id for page in pages)
        self._of_now = frozenset(page.id for page in pages if page.of_now)
        self._view = FrameView()
        self._slim = False
        self._lay_out()
        self.palette_panel = Palette(actions, self)
        self.key_help = KeyHelp(actions, self)
        self._wire(actions)
        self._first = pages[0].id if pages else ""

    def show_view(self, view: FrameView) -> None:
        """New values around the pages; equal ones cost nothing."""
        self._view = view
        self.top.show_view(view)
        self.rail.show_badges(view.badges)
        self.bottom.show_view(view)
        self._show_banner(view.banner, view.banner_status)
        self.start.show_known(view.known)
        self._show_past()

    def go_to(self, page_id: str) -> None:
        """Show a page. Raises KeyError for an unknown one."""
        if page_id == self.pages.current_id:
            return
        self.actions_known.here = page_id
        self.pages.show_page(page_id)
        self.rail.show_page(page_id)
        self._show_past()
        self.page_shown.emit(page_id)

    def begin_at(self, page_id: str) -> None:
        """Show this page first; one that there is not any more is passed over."""
        if page_id in self._ids:
            self._first = page_id

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        if not self.pages.current_id and self._first:
            self.go_to(self._first)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """No wider than the smallest window only because the rail still has its names: it gives them up on the way."""
        now = super().minimumSizeHint()
        if self._slim:
            return now
        slim = now.width() - RAIL_WIDTH + SLIM_RAIL_WIDTH
        return QSize(max(slim, min(now.width(), SMALLEST.width())), now.height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        slim = self.width() < SLIM_BELOW
        if slim is not self._slim:
            self._slim = slim
            self.rail.set_slim(slim)
            self.top.set_slim(slim)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Tab goes through the window as it is read."""
        following = neighbour(self, QApplication.focusWidget(), forward=forward)
        if following is not None:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            following.setFocus(reason)
        return following is not None

    def obey(self, action_id: str) -> None:
        """Do what concerns the frame; say the rest to whoever knows."""
        page_id = action_id.removeprefix(PAGE)
        match action_id:
            case "palette":
                self.key_help.close_panel()
                self.palette_panel.open()
            case "key_help":
                self.palette_panel.close_panel()
                self.key_help.open()
            case "menu":
                self._open_menu()
            case _ if page_id != action_id:
                self.go_to(page_id)
            case _:
                self.command.emit(action_id)

    def _open_menu(self) -> None:
        menu = self.actions_known.menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.top.name.mapToGlobal(self.top.name.rect().bottomLeft()))

    def _show_banner(self, text: str, status: Status) -> None:
        tone = "bad" if status is Status.BAD else "warn"
        if self.banner.property("tone") != tone:
            self.banner.setProperty("tone", tone)
            style = self.banner.style()
            if style is not None:
                style.polish(self.banner)
        if text != self.banner.text():
            self.banner.setText(text)
        self.banner.setVisible(bool(text))

    def _show_past(self) -> None:
        view, of_now = self._view, self.pages.current_id in self._of_now
        self.past.show_moment(view.moment, view.moment_tip, of_now=of_now)

    def _wire(self, actions: ActionRegistry) -> None:
        actions.attach(self)
        actions.triggered.connect(self.obey)
        self.top.pressed.connect(actions.trigger)
        self.rail.chosen.connect(self.go_to)
        self.past.back.connect(lambda: actions.trigger(BACK_TO_NOW))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.pages, 1)
        column.addWidget(self.top)
        column.addWidget(self.banner)
        column.addWidget(self.start)
        column.addWidget(self.past)
        column.addLayout(middle, 1)
        column.addWidget(self.bottom)
