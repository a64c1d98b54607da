"""The command palette: every command by some of its letters (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from widgets.actions import ActionRegistry, PaletteEntry
from widgets.fuzzy import score
from widgets.overlay import Overlay
from widgets.parts.text.labels import rule
from widgets.theme import active, code_font, colour, ui_font

_ROW, _AT_MOST = 34, 9
_NAMED = 3  # letters of its first word by which something grave is asked for
_REMEMBERED = 6  # commands taken lately that stand first before anything is typed
_ENTRY = Qt.ItemDataRole.UserRole
_NONE = QModelIndex()
_HELD = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def matching(entries: tuple[PaletteEntry, ...], needle: str, recent: Sequence[str] = ()) -> list[PaletteEntry]:
    """The entries that fit `needle`, best first; for none, all, those taken lately before the others.

    What cannot be done now stands below what can, and what another page does below what fits as well. What is grave
    stands below all else unless its own first word is typed, and never alone: Enter must not do it by chance.
    """
    if not needle.strip():
        return sorted(entries, key=lambda entry: _recency(entry, recent))
    scored = [(_best(entry, needle), place, entry) for place, entry in enumerate(entries)]
    found = [
        (_vague(entry, needle), bool(entry.why_not), -worth, entry.elsewhere, place, entry)
        for worth, place, entry in scored
        if worth
    ]
    best = [entry for *_order, entry in sorted(found, key=lambda one: one[:5])]
    return [] if best and _vague(best[0], needle) else best


def _best(entry: PaletteEntry, needle: str) -> int | None:
    own = [found for text in (entry.title, entry.about) if text and (found := score(needle, text)) is not None]
    return max(own) + 4 if own else score(needle, f"{entry.title} {entry.hint}")


def _vague(entry: PaletteEntry, needle: str) -> bool:
    """Whether something grave is not asked for by the beginning of its first word."""
    if not entry.grave:
        return False
    verb = entry.title.casefold().split()[0]
    return not any(len(word) >= _NAMED and verb.startswith(word) for word in needle.casefold().split())


def _recency(entry: PaletteEntry, recent: Sequence[str]) -> int:
    if entry.id in recent and not (entry.grave or entry.why_not):
        return recent.index(entry.id)
    return len(recent) + (2 if entry.why_not else int(entry.elsewhere))


class Palette(Overlay):
    """Type, move with the arrows, Home, End and the page keys, Enter does it; Esc closes."""

    def __init__(self, actions: ActionRegistry, parent: QWidget) -> None:
        super().__init__(parent, width=620)
        self._actions = actions
        self._entries: tuple[PaletteEntry, ...] = ()
        self._recent: list[str] = []
        self.field = QLineEdit(self.panel)
        self.field.setProperty("bare", "true")
        self.field.setPlaceholderText("Search or run a command…")
        self.field.setAccessibleName("Search or run a command")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = QListView(self.panel)
        self.list.setAccessibleName("Commands found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self._found = _Found(self)
        self.list.setModel(self._found)
        self.list.clicked.connect(self._take)
        self._lay_out()

    def open(self) -> None:
        """Show all commands, those taken lately before the others, the first chosen."""
        self._entries = self._actions.palette_entries()
        self.field.clear()
        self._search("")
        super().open()
        self.field.setFocus()

    @property
    def found(self) -> tuple[PaletteEntry, ...]:
        """What is listed now, best first."""
        return tuple(self._found.entries)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._obeys(event)
        return super().eventFilter(watched, event)

    def panel_height(self) -> int:
        rows = max(1, min(_AT_MOST, self._found.rowCount()))
        return 53 + rows * _ROW + 12

    def _obeys(self, event: QKeyEvent) -> bool:
        rows = self._found.rowCount()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        steps |= {Qt.Key.Key_Home: -max(rows, 2), Qt.Key.Key_End: max(rows, 2)}
        if event.key() in steps and not event.modifiers() & _HELD:
            self._move(steps[Qt.Key(event.key())])
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
            return True
        return False

    def _move(self, by: int) -> None:
        rows = self._found.rowCount()
        if rows:
            # A single step goes round; a page stops at the ends.
            row = self.list.currentIndex().row() + by
            row = row % rows if abs(by) == 1 else min(max(row, 0), rows - 1)
            self.list.setCurrentIndex(self._found.index(row, 0))

    def _take(self, index: QModelIndex) -> None:
        entry = index.data(_ENTRY)
        if isinstance(entry, PaletteEntry) and not entry.why_not:
            self._recent = [entry.id, *(each for each in self._recent if each != entry.id)][:_REMEMBERED]
            self.close_panel()
            self._actions.trigger(entry.id)

    def _search(self, needle: str) -> None:
        self._found.show_entries(matching(self._entries, needle, self._recent))
        self.list.setCurrentIndex(self._found.index(0, 0))
        if self.isVisible():
            self._place()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(1, 0, 1, 6)
        column.setSpacing(0)
        self.field.setFixedHeight(52)
        self.field.setTextMargins(16, 0, 16, 0)
        column.addWidget(self.field)
        column.addWidget(rule())
        column.addSpacing(6)
        column.addWidget(self.list, 1)


class _Found(QAbstractListModel):
    """The entries listed now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[PaletteEntry] = []

    def show_entries(self, entries: list[PaletteEntry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = _NONE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.title
            case Qt.ItemDataRole.AccessibleTextRole:
                told = f"not now: {entry.why_not}" if entry.why_not else entry.hint
                return ", ".join(part for part in (entry.title, told, entry.shortcut) if part)
        return entry if role == _ENTRY else None


class _EntryDelegate(QStyledItemDelegate):
    """Title, hint and, at the right, the key; what cannot be done now is grey and has the reason for its hint."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802
        return QSize(200, _ROW)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        entry = index.data(_ENTRY)
        if painter is None or not isinstance(entry, PaletteEntry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("bg3"))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(6, 1, -6, -1), 6, 6)
        area = QRectF(option.rect).adjusted(16, 0, -16, 0)
        _paint_entry(painter, area, entry)
        painter.restore()


def _paint_entry(painter: QPainter, area: QRectF, entry: PaletteEntry) -> None:
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(ui_font())
    painter.setPen(colour("tx2" if entry.why_not else "tx0"))
    painter.drawText(area, middle, entry.title)
    taken = QFontMetricsF(ui_font()).horizontalAdvance(entry.title) + 12
    painter.setFont(code_font(active().type.small))
    painter.setPen(colour("tx2" if entry.why_not else "tx1"))
    painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, entry.shortcut)
    painter.setFont(ui_font(active().type.label))
    room = area.width() - taken - (90 if entry.shortcut else 0)
    hint = QFontMetricsF(painter.font()).elidedText(entry.why_not or entry.hint, Qt.TextElideMode.ElideRight, room)
    painter.drawText(area.adjusted(taken, 0, 0, 0), middle, hint)
