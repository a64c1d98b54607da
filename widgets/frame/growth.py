"""The splash growing into the dashboard: one movement, short, and none where motion is not wanted."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEasingCurve, QObject, QRect, QVariantAnimation
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication, QStyle

GROWTH_MS = 220
_STILL_PLATFORMS = ("offscreen", "minimal", "vnc")


def motion_is_wanted() -> bool:
    """False where the desktop's style asks for no animation, and where nobody can see one."""
    style = QApplication.style()
    if style is None or QGuiApplication.platformName() in _STILL_PLATFORMS:
        return False
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def grow(
    owner: QObject,
    start: QRect,
    end: QRect,
    step: Callable[[QRect, float], None],
    done: Callable[[], None],
    *,
    animated: bool,
) -> None:
    """Call `step` with the geometry and how much of the way is done, then `done`."""
    if not animated:
        step(end, 1.0)
        done()
        return
    way = QVariantAnimation(owner)
    way.setDuration(GROWTH_MS)
    way.setStartValue(0.0)
    way.setEndValue(1.0)
    way.setEasingCurve(QEasingCurve.Type.OutCubic)
    way.valueChanged.connect(lambda part: step(between(start, end, float(part)), float(part)))
    way.finished.connect(done)
    way.start(QVariantAnimation.DeletionPolicy.DeleteWhenStopped)


def between(start: QRect, end: QRect, part: float) -> QRect:
    """The rectangle at `part` (0 to 1) of the way."""

    def at(one: int, other: int) -> int:
        return round(one + (other - one) * part)

    return QRect(
        at(start.x(), end.x()),
        at(start.y(), end.y()),
        at(start.width(), end.width()),
        at(start.height(), end.height()),
    )
