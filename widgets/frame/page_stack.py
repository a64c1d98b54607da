"""The pages, each built when it is first shown; one that cannot be built says why in its own place."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from widgets.frame.views import PageEntry
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.error_state import ErrorState, ErrorView
from widgets.parts.panels.split import Split, remembered, restore

_log = logging.getLogger(__name__)


class PageStack(QStackedWidget):
    """Hidden pages are hidden widgets, so whatever stops working when hidden costs nothing."""

    built = pyqtSignal(str, QWidget)  # page id, the widget its factory made
    arranged = pyqtSignal()  # someone has dragged a pane's edge

    def __init__(self, pages: tuple[PageEntry, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = {page.id: page for page in pages}
        self._places: dict[str, QWidget] = {}
        self._sizes: dict[str, str] = {}
        self._current = ""

    @property
    def current_id(self) -> str:
        """The page shown; empty before the first."""
        return self._current

    def page(self, page_id: str) -> QWidget | None:
        """The widget the page's factory made, if it was shown already."""
        return self._places.get(page_id)

    def show_page(self, page_id: str) -> None:
        """Show a page, building it if need be. Raises KeyError for an unknown one."""
        entry = self._entries[page_id]
        if page_id not in self._places:
            self._place(entry, self._built(entry))
        self._current = page_id
        holder = self._places[page_id].parentWidget()
        if holder is not None:
            self.setCurrentWidget(holder)

    def sizes(self) -> dict[str, str]:
        """The sizes of all splits, also those of pages not built since they were remembered."""
        return self._sizes | remembered(self)

    def remember(self, sizes: Mapping[str, str]) -> None:
        """Use these sizes for splits that exist and for those that will."""
        self._sizes = dict(sizes)
        restore(self, sizes)

    def _built(self, entry: PageEntry) -> QWidget:
        try:
            page = entry.factory()
        except Exception as error:
            _log.error("the page %s could not be built", entry.id, exc_info=error)
            return self._apology(entry, error)
        restore(page, self._sizes)
        for split in page.findChildren(Split):
            split.splitterMoved.connect(lambda _place, _index: self.arranged.emit())
        self.built.emit(entry.id, page)
        return page

    def _place(self, entry: PageEntry, page: QWidget) -> None:
        holder = QWidget(self)
        holder.setObjectName("page")
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(page)
        page.setAccessibleName(page.accessibleName() or entry.title)
        self.addWidget(holder)
        self._places[entry.id] = page

    def _apology(self, entry: PageEntry, error: Exception) -> QWidget:
        view = ErrorView(
            what=f"{entry.title} could not be opened",
            why=f"{type(error).__name__}: {error}",
            what_to_do="The other pages go on working. Try again, or copy the details for a report.",
            details="".join(traceback.format_exception(error)),
            offers=(Offer("again", "Try again"),),
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        state = ErrorState(view, page)
        state.chosen.connect(lambda _offer: self._try_again(entry.id))
        column.addWidget(state)
        column.addStretch(1)
        return page

    def _try_again(self, page_id: str) -> None:
        holder = self._places.pop(page_id).parentWidget()
        if holder is not None:
            self.removeWidget(holder)
            holder.deleteLater()
        self.show_page(page_id)
