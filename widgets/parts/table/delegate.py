"""How a cell is painted: shape, bar, text and buttons in one pass, without a widget per cell."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPen
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from widgets.parts.status import draw_status
from widgets.parts.table.cells import Cell, CellAction
from widgets.parts.table.model import CELL_ROLE, RowsModel
from widgets.theme import active, code_font, colour, icon_pixmap, tint, ui_font
from widgets.theme.fonts import MEDIUM

_PAD = 8
_HAIRLINE = 0.6  # of the line colour: rows are parted more softly than cards
_BAR_WIDTH, _BAR_HEIGHT = 62, 4
_STATUS_WIDTH = 16
_BUTTON_HEIGHT, _BUTTON_GAP = 22, 4
_SELECTED, _UNDER_MOUSE = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value


class CellDelegate(QStyledItemDelegate):
    """Knows which button the mouse is over; the table asks it where buttons are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered: tuple[int, str] | None = None  # row and action id

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802
        return QSize(80, option.rect.height())

    def helpEvent(  # noqa: N802
        self,
        event: QHelpEvent | None,
        view: QAbstractItemView | None,
        option: QStyleOptionViewItem,
        index: QModelIndex,
    ) -> bool:
        """What a button does, or else what the cell tells of itself, or else its text where that is cut."""
        cell = index.data(CELL_ROLE)
        if event is None or view is None or event.type() != QEvent.Type.ToolTip or not isinstance(cell, Cell):
            return super().helpEvent(event, view, option, index)
        action = action_at(cell, view.visualRect(index), event.pos())
        QToolTip.showText(event.globalPos(), action.tip or action.label if action else told(cell, option.rect), view)
        return True

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        model = index.model()
        if painter is None or not isinstance(model, RowsModel):
            return
        # A table that has got a row paints all of them again: what is asked through Qt here is asked a hundred times
        cell = model.cell(index)
        state = option.state.value  # as a number: flags are slow to put together
        selected = bool(state & _SELECTED)
        _paint_ground(painter, option, index.row(), selected=selected, under_mouse=bool(state & _UNDER_MOUSE))
        if cell.status is not None or cell.progress is not None or cell.actions:
            self._paint_shapes(painter, option, index.row(), cell)
        if cell.text:
            alignment = model.alignment(index.column())
            _paint_text(painter, _text_area(cell, option.rect), cell, alignment, selected)

    def _paint_shapes(self, painter: QPainter, option: QStyleOptionViewItem, row: int, cell: Cell) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect).adjusted(_PAD, 0, -_PAD, 0)
        if cell.status is not None:
            draw_status(painter, QPointF(area.left() + 4, area.center().y()), 8, cell.status)
        if cell.progress is not None:
            _paint_progress(painter, area, cell.progress, cell.progress_role)
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        for action, place in action_places(cell, option.rect):
            _paint_button(painter, action, place, self.hovered == (row, action.id), ratio)
        painter.restore()


def told(cell: Cell, area: QRect) -> str:
    """The tooltip of a cell in this area: its own, or its text where there is no room for all of it."""
    room = _text_area(cell, area).width()
    cut = QFontMetricsF(_font(cell)).horizontalAdvance(cell.text) > room
    return cell.tip or (cell.text if cut else "")


def action_places(cell: Cell, area: QRect) -> list[tuple[CellAction, QRect]]:
    """The buttons of a cell with their rectangles, packed to the right."""
    places: list[tuple[CellAction, QRect]] = []
    right = area.right() - _PAD + 1
    top = area.top() + (area.height() - _BUTTON_HEIGHT) // 2
    for action in reversed(cell.actions):
        width = _button_width(action)
        places.append((action, QRect(right - width, top, width, _BUTTON_HEIGHT)))
        right -= width + _BUTTON_GAP
    places.reverse()
    return places


def action_at(cell: Cell, area: QRect, point: QPoint) -> CellAction | None:
    """The button under a point of the viewport."""
    return next((action for action, place in action_places(cell, area) if place.contains(point)), None)


def _button_font() -> QFont:
    return ui_font(active().type.small, MEDIUM)


def _button_width(action: CellAction) -> int:
    text = QFontMetricsF(_button_font()).horizontalAdvance(action.label) if action.label else 0
    drawn = 12 if action.icon else 0
    gap = 4 if action.icon and action.label else 0
    return round(text + drawn + gap) + 16


def _paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, row: int, *, selected: bool, under_mouse: bool
) -> None:
    area = option.rect
    if selected:
        painter.fillRect(area, colour("bg3"))
    elif under_mouse:
        painter.fillRect(area, colour("bg2"))
    painter.setPen(tint("line", _HAIRLINE))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    view = option.widget
    if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == row:
        _paint_focus(painter, area, view)


def _paint_focus(painter: QPainter, area: QRect, view: QTableView) -> None:
    """The keyboard is on the whole row: its cells have an edge above and below, the outer ones at the side."""
    painter.setPen(QPen(colour("accent"), 1))
    low = area.bottom() - 2
    painter.drawLine(area.left(), area.top(), area.right(), area.top())
    painter.drawLine(area.left(), low, area.right(), low)
    header = view.horizontalHeader()
    if area.left() <= 0:
        painter.drawLine(0, area.top(), 0, low)
    if header is not None and area.right() >= header.length() - header.offset() - 1:
        painter.drawLine(area.right(), area.top(), area.right(), low)


def _text_area(cell: Cell, area: QRect) -> QRectF:
    """Where the text stands: behind the status shape and the bar."""
    before = (_STATUS_WIDTH if cell.status is not None else 0) + (_BAR_WIDTH + 9 if cell.progress is not None else 0)
    return QRectF(area).adjusted(_PAD + before, 0, -_PAD, 0)


def _font(cell: Cell) -> QFont:
    return code_font() if cell.mono else ui_font()


def _paint_progress(painter: QPainter, area: QRectF, progress: float, role: str) -> None:
    groove = QRectF(area.left(), area.center().y() - _BAR_HEIGHT / 2, _BAR_WIDTH, _BAR_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("bg3"))
    painter.drawRoundedRect(groove, 2, 2)
    done = min(1.0, max(0.0, progress))
    painter.setBrush(colour(role))
    painter.drawRoundedRect(QRectF(groove.left(), groove.top(), _BAR_WIDTH * done, _BAR_HEIGHT), 2, 2)


@lru_cache(maxsize=4096)
def _cut(text: str, font: QFont, width: float) -> str:
    """What of a text there is room for."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _paint_text(painter: QPainter, area: QRectF, cell: Cell, alignment: Qt.AlignmentFlag, selected: bool) -> None:
    font = _font(cell)
    painter.setFont(font)
    # A hint on the ground of a selected row would fall under 4.5:1.
    painter.setPen(colour("tx1" if selected and cell.role == "tx2" else cell.role))
    painter.drawText(area, alignment, _cut(cell.text, font, area.width()))


def _paint_button(painter: QPainter, action: CellAction, place: QRect, hovered: bool, ratio: float) -> None:
    lit, ink = hovered and not action.grey, "tx2" if action.grey else "tx0"
    painter.setPen(QPen(colour("tx2" if lit else "line" if action.grey else "line2"), 1))
    painter.setBrush(colour("bg3" if lit else "bg1" if action.grey else "bg2"))
    radius = active().radius.control
    painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    left = place.left() + 8
    if action.icon:
        drawing = icon_pixmap(action.icon, ink, 12, ratio)
        painter.drawPixmap(left, place.top() + (place.height() - 12) // 2, drawing)
        left += 16
    painter.setFont(_button_font())
    painter.setPen(colour(ink))
    painter.drawText(place.adjusted(left - place.left(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, action.label)
