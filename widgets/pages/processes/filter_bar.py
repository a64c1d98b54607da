"""Which processes are listed: all, those that want attention, or those of one service."""

from __future__ import annotations

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.parts.controls.combo_box import ComboBox
from widgets.parts.controls.filters import Choices
from widgets.states.process_list import FILTERS

_ANY = "All services"


class FilterBar(QWidget):
    """A chip for each filter; where there is no room, the services move into a list that opens."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services: tuple[str, ...] = ()
        self._counts: dict[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.chips = self._made()
        self.short = Choices("Which processes", FILTERS, self)
        self.list = ComboBox(self)
        self.list.setAccessibleName("Service")
        self.list.setToolTip("Processes of one service")
        self.list.activated.connect(lambda _place: self._pick(str(self.list.currentData()) or "all"))
        self.short.chosen.connect(self._pick)
        for widget in (self.chips, self.short, self.list):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._arrange()

    @property
    def current(self) -> str:
        return self.chips.current

    def choose(self, wanted: str) -> None:
        """Press one without saying so; what there is no filter for is all."""
        self.chips.choose(wanted if wanted in self.chips.chips else "all")
        if self.current in self.short.chips:
            self.short.choose(self.current)
        self.list.setCurrentIndex(max(0, self.list.findData(self.current)))

    def offer(self, services: tuple[str, ...], counts: dict[str, int]) -> None:
        """These services there are, and so many processes are of each filter."""
        if services != self._services:
            self._services, self._counts = services, {}
            self._offer_again()
        if counts != self._counts:
            self._counts = counts
            self.chips.show_counts(counts)
            self.short.show_counts({name: counts[name] for name, _ in FILTERS if name in counts})
            self._arrange()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As narrow as it can be made, not as it stands."""
        short = self.short.sizeHint().width() + self.list.sizeHint().width() + self._row.spacing()
        return QSize(min(short, self.chips.sizeHint().width()), self._height())

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.chips.sizeHint().width(), self._height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange()

    def _height(self) -> int:
        """The same whichever of the two is shown."""
        return max(self.chips.sizeHint().height(), self.list.sizeHint().height())

    def _pick(self, wanted: str) -> None:
        self.choose(wanted)
        self.chosen.emit(wanted)

    def _offer_again(self) -> None:
        chosen, old = self.current, self.chips
        self.chips = self._made()
        self._row.replaceWidget(old, self.chips)
        old.hide()
        old.deleteLater()
        self.list.clear()
        self.list.addItem(_ANY, "")
        for service in self._services:
            self.list.addItem(service.capitalize(), service)
        self.choose(chosen)

    def _made(self) -> Choices:
        services = tuple((each, each.capitalize()) for each in self._services)
        made = Choices("Which processes", (*FILTERS, *services), self)
        made.chosen.connect(self._pick)
        return made

    def _arrange(self) -> None:
        room = self.chips.sizeHint().width() <= self.width()
        self.chips.setVisible(room)
        self.short.setVisible(not room)
        self.list.setVisible(not room)
        self.updateGeometry()
