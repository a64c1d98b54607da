from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from widgets.parts.panels.scrolled import Scrolled
from widgets.parts.text.labels import text_label

LONG = "a sentence that is told in several lines where there is little room for it " * 6


def test_sentences_that_wrap_are_shown_whole_however_narrow_it_is(qtbot):
    body = QWidget()
    column = QVBoxLayout(body)
    labels: list[QLabel] = [text_label(LONG, wrap=True) for _ in range(4)]
    for label in labels:
        column.addWidget(label)
    area = Scrolled(body)
    qtbot.addWidget(area)
    area.resize(300, 120)
    area.show()
    qtbot.waitExposed(area)
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels)
    area.resize(180, 120)
    labels[0].setText(LONG * 2)
    qtbot.waitUntil(lambda: labels[0].height() >= labels[0].heightForWidth(labels[0].width()))
    assert area.verticalScrollBar().maximum() > 0
