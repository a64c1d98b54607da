"""A list of things that each want a word or a decision: Needs you, Done without you, drafts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.empty_state import Offer
from widgets.parts.text.labels import text_label
from widgets.theme import colour, tint


@dataclass(frozen=True, slots=True)
class ItemView:
    """With `when` it is a line of a history; without, a matter with its buttons below."""

    id: str
    title: str
    detail: str = ""
    role: str = ""  # the colour of the dot before the title: whose matter it is
    when: str = ""
    offers: tuple[Offer, ...] = ()
    expiry: str = ""  # how long it still waits: told before the detail, and counted down in place


class ItemList(QScrollArea):
    """Shows ItemViews in order; a row is made anew only when its view differs."""

    chosen = pyqtSignal(str, str)  # the item's id, the offer's id

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows: dict[str, ItemRow] = {}
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(body)

    def show_items(self, items: tuple[ItemView, ...]) -> None:
        """Make these the items. Raises ValueError if an id occurs twice."""
        if len({item.id for item in items}) != len(items):
            raise ValueError(f"two items have the same id: {sorted(item.id for item in items)}")
        focused = self._focused()
        for gone in self._rows.keys() - {item.id for item in items}:
            self._drop(gone)
        for place, item in enumerate(items):
            row = self._row(item)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        self._column.activate()
        if focused is not None:
            self._focus_again(*focused)

    def row(self, item_id: str) -> ItemRow:
        """The row of an item. Raises KeyError if it is not shown."""
        return self._rows[item_id]

    def _focused(self) -> tuple[int, str, str] | None:
        """Where the keyboard is: the place and id of an item, and the id of its offer."""
        for identity, row in self._rows.items():
            for offer, button in row.buttons.items():
                if button.hasFocus():
                    return self._column.indexOf(row), identity, offer
        return None

    def _focus_again(self, place: int, identity: str, offer: str) -> None:
        """Keep the keyboard on its item, though its row was made anew; where it is gone, on the one in its place."""
        last = len(self._rows) - 1
        there = self._column.itemAt(min(place, last)) if last >= 0 else None
        row = self._rows.get(identity) or (there.widget() if there is not None else None)
        if isinstance(row, ItemRow) and row.buttons:
            row.buttons.get(offer, next(iter(row.buttons.values()))).setFocus()

    def _row(self, item: ItemView) -> ItemRow:
        row = self._rows.get(item.id)
        if row is not None and row.show_expiry(item):
            return row
        if row is not None:
            self._drop(item.id)
        row = self._rows[item.id] = ItemRow(item)
        row.chosen.connect(self.chosen)
        return row

    def _drop(self, item_id: str) -> None:
        row = self._rows.pop(item_id)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()


class ItemRow(QFrame):
    """One item; its buttons can be found by offer id in `buttons`."""

    chosen = pyqtSignal(str, str)

    def __init__(self, view: ItemView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.buttons: dict[str, ActionButton] = {}
        self._detail = text_label(_told(view), "hint", "label", wrap=True, parent=self)
        self._detail.setVisible(bool(_told(view)) and not view.when)
        self._say()
        if view.when:
            self._lay_out_line()
        else:
            self._lay_out_matter()

    def show_expiry(self, view: ItemView) -> bool:
        """Count down; False where more than that differs, and the row has to be made anew."""
        if replace(view, expiry=self.view.expiry) != self.view or bool(view.expiry) != bool(self.view.expiry):
            return False
        if view != self.view:
            self.view = view
            self._detail.setText(_told(view))
            self._say()
        return True

    def _say(self) -> None:
        self.setAccessibleName(f"{self.view.when} {self.view.title} {_told(self.view)}".strip())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(tint("line", 0.6))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if self.view.role:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self.view.role))
            painter.drawEllipse(QPointF(19, 21), 5, 5)
        painter.end()

    def _lay_out_matter(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 13)
        column.setSpacing(2)
        title = text_label(self.view.title, weight="medium", wrap=True)
        title.setContentsMargins(16 if self.view.role else 0, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(self._detail)
        if self.view.offers:
            row = QHBoxLayout()
            row.setContentsMargins(0, 6, 0, 0)
            row.setSpacing(6)
            for offer in self.view.offers:
                row.addWidget(self._button(offer))
            row.addStretch(1)
            column.addLayout(row)

    def _lay_out_line(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 8, 10, 9)
        grid.setHorizontalSpacing(8)
        when = text_label(self.view.when, "hint")
        when.setProperty("mono", "true")
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(when, 0, 0, top)
        grid.addWidget(text_label(self.view.title, "secondary", "label", wrap=True), 0, 1, top)
        for place, offer in enumerate(self.view.offers):
            grid.addWidget(self._button(offer), 0, 2 + place, top)
        grid.setColumnStretch(1, 1)

    def _button(self, offer: Offer) -> ActionButton:
        button = ActionButton(offer.label, offer.variant, dense=offer.variant != "link", tip=offer.tip, parent=self)
        if offer.variant == "approve":
            button.show_label(offer.label, "check", offer.tip)
        if offer.why_not:
            button.setToolTip(offer.why_not)
            button.setEnabled(False)
        button.clicked.connect(lambda: self.chosen.emit(self.view.id, offer.id))
        self.buttons[offer.id] = button
        return button


def _told(view: ItemView) -> str:
    return " · ".join(part for part in (view.expiry, view.detail) if part)
