"""What cannot be read in a window as it stands: words that are cut, controls that are pushed out, panes to scroll."""

from collections.abc import Iterator

from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from widgets.parts.controls.chip import Chip
from widgets.parts.text.elided import ElidedLabel


def unreadable(root: QWidget) -> list[str]:
    """One line for each fault; empty where everything that is seen can be read."""
    return [
        f"{_path(widget)}: {fault}"
        for widget in (root, *root.findChildren(QWidget))
        if widget.isVisible()
        and not isinstance(widget.parentWidget(), QLineEdit | QComboBox)  # Qt's own parts of a field
        for fault in (*_cut(widget), *_pushed_out(widget), *_sideways(widget), *_misplaced(widget))
    ]


def _cut(widget: QWidget) -> Iterator[str]:
    has, needs = widget.size(), widget.minimumSizeHint()
    match widget:
        case ElidedLabel():
            return  # gives way on purpose, and tells the whole in its tooltip
        case QLabel() if widget.wordWrap() and widget.text():
            if widget.heightForWidth(has.width()) > has.height():
                yield f"{widget.text()!r} needs {widget.heightForWidth(has.width())} px of height, has {has.height()}"
        case QLabel() | QPushButton():
            if widget.text() and widget.sizeHint().width() > has.width():
                yield f"{widget.text()!r} needs {widget.sizeHint().width()} px, has {has.width()}"
        case Chip():
            if widget.sizeHint().width() > has.width() and not widget.toolTip():
                yield f"{widget.text()!r} is cut and says the whole nowhere"
        case QHeaderView() if widget.orientation() is Qt.Orientation.Horizontal:
            yield from _cut_titles(widget)
            return
    layout = widget.layout()
    flows = isinstance(widget, QAbstractScrollArea) or (layout is not None and layout.hasHeightForWidth())
    too_low = has.height() < needs.height() and not flows  # what flows or scrolls is as high as its width makes it
    if needs.isValid() and (has.width() < needs.width() or too_low):
        yield f"needs at least {needs.width()}x{needs.height()}, has {has.width()}x{has.height()}"


def _cut_titles(header: QHeaderView) -> Iterator[str]:
    model = header.model()
    for place in range(header.count()):
        title = model.headerData(place, Qt.Orientation.Horizontal) if model is not None else ""
        wide = header.sectionSize(place)
        if title and wide and header.fontMetrics().horizontalAdvance(title) + 16 > wide:
            yield f"the title {title!r} is cut at {wide} px"


def _pushed_out(widget: QWidget) -> Iterator[str]:
    """Outside of its parent in width; in height that is what a scroll area is for."""
    parent = widget.parentWidget()
    if parent is None or widget.isWindow() or not (isinstance(widget, QLabel | QPushButton | Chip)):
        return
    place = QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
    while parent is not None:
        seen = QRect(parent.mapTo(parent.window(), QPoint(0, 0)), parent.size())
        if place.left() < seen.left() or place.right() > seen.right():
            yield f"{widget.property('text')!r} reaches out of {type(parent).__name__}"
            return
        parent = None if parent.isWindow() else parent.parentWidget()


def _sideways(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QPlainTextEdit):
        return  # code is not broken into lines that it does not have
    bar = widget.horizontalScrollBar() if isinstance(widget, QAbstractScrollArea) else None
    if bar is not None and bar.maximum() > 0:
        yield f"has to be scrolled sideways by {bar.maximum()} px"
    if isinstance(widget, QTableView):
        header = widget.horizontalHeader()
        if header is not None and widget.viewport() is not None and header.length() > widget.viewport().width():
            yield f"its columns need {header.length()} px, there are {widget.viewport().width()}"


def _misplaced(widget: QWidget) -> Iterator[str]:
    layout = widget.layout()
    if isinstance(layout, QBoxLayout | QGridLayout) and layout.count():
        placed, has = layout.geometry(), widget.contentsRect()
        if placed.isValid() and placed.size() != has.size():  # an invalid one is placed at the next turn
            yield f"was placed for {placed.width()}x{placed.height()}, has {has.width()}x{has.height()}"


def _path(widget: QWidget) -> str:
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(names) < 4:
        name = at.accessibleName() or at.objectName()
        names.append(f"{type(at).__name__}({name[:24]})" if name else type(at).__name__)
        at = at.parentWidget()
    return " < ".join(names)
