"""How a cell is painted: shape, bar, text and buttons in one pass, without a widget per cell."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets.parts.status import draw_status
from widgets.parts.table.cells import Cell, CellAction
from widgets.parts.table.model import CELL_ROLE
from widgets.theme import active, code_font, colour, icon_pixmap, tint, ui_font
from widgets.theme.fonts import MEDIUM

_PAD = 8
_HAIRLINE = 0.6  # of the line colour: rows are parted more softly than cards
_BAR_WIDTH, _BAR_HEIGHT = 62, 4
_BUTTON_HEIGHT, _BUTTON_GAP = 22, 4


class CellDelegate(QStyledItemDelegate):
    """Knows which button the mouse is over; the table asks it where buttons are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered: tuple[int, str] | None = None  # row and action id

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802
        return QSize(80, option.rect.height())

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        cell = index.data(CELL_ROLE)
        if painter is None or not isinstance(cell, Cell):
            return
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        _paint_ground(painter, option, selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect).adjusted(_PAD, 0, -_PAD, 0)
        area = _paint_status(painter, area, cell)
        area = _paint_progress(painter, area, cell)
        _paint_text(painter, area, cell, index, selected)
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        for action, place in action_places(cell, option.rect):
            _paint_button(painter, action, place, self.hovered == (index.row(), action.id), ratio)
        painter.restore()


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


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, selected: bool) -> None:
    area = option.rect
    if selected:
        painter.fillRect(area, colour("bg3"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(area, colour("bg2"))
    painter.setPen(QPen(tint("line", _HAIRLINE), 1))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    if selected and option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(colour("accent"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(0, 0, -1, -2))


def _paint_status(painter: QPainter, area: QRectF, cell: Cell) -> QRectF:
    if cell.status is None:
        return area
    draw_status(painter, QPointF(area.left() + 4, area.center().y()), 8, cell.status)
    return area.adjusted(16, 0, 0, 0)


def _paint_progress(painter: QPainter, area: QRectF, cell: Cell) -> QRectF:
    if cell.progress is None:
        return area
    groove = QRectF(area.left(), area.center().y() - _BAR_HEIGHT / 2, _BAR_WIDTH, _BAR_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("bg3"))
    painter.drawRoundedRect(groove, 2, 2)
    done = min(1.0, max(0.0, cell.progress))
    painter.setBrush(colour(cell.progress_role))
    painter.drawRoundedRect(QRectF(groove.left(), groove.top(), _BAR_WIDTH * done, _BAR_HEIGHT), 2, 2)
    return area.adjusted(_BAR_WIDTH + 9, 0, 0, 0)


def _paint_text(painter: QPainter, area: QRectF, cell: Cell, index: QModelIndex, selected: bool) -> None:
    font = code_font() if cell.mono else ui_font()
    painter.setFont(font)
    # A hint on the ground of a selected row would fall under 4.5:1.
    painter.setPen(colour("tx1" if selected and cell.role == "tx2" else cell.role))
    text = QFontMetricsF(font).elidedText(cell.text, Qt.TextElideMode.ElideRight, area.width())
    alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
    painter.drawText(area, alignment, text)


def _paint_button(painter: QPainter, action: CellAction, place: QRect, hovered: bool, ratio: float) -> None:
    painter.setPen(QPen(colour("tx2" if hovered else "line2"), 1))
    painter.setBrush(colour("bg3" if hovered else "bg2"))
    radius = active().radius.control
    painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    left = place.left() + 8
    if action.icon:
        drawing = icon_pixmap(action.icon, "tx0", 12, ratio)
        painter.drawPixmap(left, place.top() + (place.height() - 12) // 2, drawing)
        left += 16
    painter.setFont(_button_font())
    painter.setPen(colour("tx0"))
    painter.drawText(place.adjusted(left - place.left(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, action.label)
