"""In which order Tab goes through a window: as it is read, whenever its parts were made."""

from __future__ import annotations

from collections.abc import Iterator

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)


def reading_order(root: QWidget) -> list[QWidget]:
    """All that Tab reaches now below ``root``: by layouts, panes and the pages in front.

    Of buttons of which one is pressed only that one; the arrows go to the others.
    """
    return [widget for widget in _below(root) if _stops_at(widget)]


def neighbour(root: QWidget, now: QWidget | None, *, forward: bool) -> QWidget | None:
    """Where Tab leads from ``now``, around the end to the beginning; None where there is nothing to go to."""
    order = reading_order(root)
    if not order:
        return None
    if now not in order:
        # Below a stop, such as the field of a list that can be typed into; or nowhere yet.
        now = next((stop for stop in order if now is not None and stop.isAncestorOf(now)), None)
    if now is None:
        return order[0 if forward else -1]
    return order[(order.index(now) + (1 if forward else -1)) % len(order)]


def _stops_at(widget: QWidget) -> bool:
    if not (widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
        return False
    if widget.focusProxy() is not None:
        return False
    return not isinstance(widget, QAbstractButton) or widget.isChecked() or not _is_one_of_some(widget)


def _is_one_of_some(button: QAbstractButton) -> bool:
    """Whether another button of its group is the pressed one."""
    group, parent = button.group(), button.parentWidget()
    if group is not None:
        return group.exclusive() and group.checkedButton() is not None
    if not button.autoExclusive() or parent is None:
        return False
    others = (child for child in parent.children() if isinstance(child, QAbstractButton) and child.autoExclusive())
    return any(other.isChecked() for other in others)


def _below(widget: QWidget) -> Iterator[QWidget]:
    for child in _children(widget):
        yield child
        yield from _below(child)


def _children(widget: QWidget) -> Iterator[QWidget]:
    """The children in reading order: first those that something arranges, then the rest as they were made."""
    arranged = list(_arranged(widget))
    yield from arranged
    if isinstance(widget, QStackedWidget | QAbstractScrollArea):
        return
    yield from (child for child in widget.children() if isinstance(child, QWidget) and child not in arranged)


def _arranged(widget: QWidget) -> Iterator[QWidget]:
    match widget:
        case QSplitter():
            panes = (widget.widget(place) for place in range(widget.count()))
            yield from (pane for pane in panes if pane is not None)
        case QStackedWidget():
            yield from (page for page in (widget.currentWidget(),) if page is not None)
        case QScrollArea():
            yield from (body for body in (widget.widget(),) if body is not None)
        case _:
            layout = widget.layout()
            yield from _laid_out(layout) if layout is not None else ()


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner, widget = (item.layout(), item.widget()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)
