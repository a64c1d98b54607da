"""New process: one panel with a form for a script, a project or a strategy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from widgets.pages.processes.form_tab import FormTab
from widgets.pages.processes.other_forms import ProjectForm, StrategyForm
from widgets.pages.processes.script_form import ScriptForm
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.card import Card
from widgets.parts.panels.scrolled import Scrolled
from widgets.parts.text.labels import text_label

TABS = (("script", "Script"), ("project", "Project"), ("strategy", "Strategy"))
_SAY = {
    "script": "Any command becomes a process: with schedule, watchdog, pause, history and rules like any other.",
    "project": "Scanned, and its tests run in an isolated copy: whenever it changes, and on a schedule.",
    "strategy": "Your own copy of a strategy or campaign, under a name of its own, to be changed while it runs.",
}


class NewProcessForm(Card):
    """``wanted`` has what is asked for; ``closed`` says that the person leaves. Esc leaves, Enter sends."""

    wanted = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("New process", parent=parent)
        self.script, self.project, self.strategy = ScriptForm(), ProjectForm(), StrategyForm()
        self._tabs: dict[str, FormTab] = {"script": self.script, "project": self.project, "strategy": self.strategy}
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName("What is new")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.say = text_label("", "hint", "label", wrap=True)
        self.error = text_label("", "bad", "label", wrap=True)
        self.error.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.error.hide()
        self.add_button = ActionButton("Add script", "primary", tip="Write its file and start it (Enter)", parent=self)
        self.leave = ActionButton("Cancel", tip="Leave the form; what you typed stays (Esc)", parent=self)
        self._pages = QStackedWidget(self)
        for name, title in TABS:
            self.tabs.addTab(title)
            self._pages.addWidget(self._tabs[name])
        self.tabs.currentChanged.connect(self._show_tab)
        self.add_button.clicked.connect(self.submit)
        self.leave.clicked.connect(self.closed)
        self._lay_out()
        self._show_tab(0)

    @property
    def current(self) -> FormTab:
        """The form that is in front."""
        return self._tabs[TABS[self.tabs.currentIndex()][0]]

    def open(self, which: str) -> None:
        """Bring ``script``, ``project`` or ``strategy`` to the front. Raises ValueError for anything else."""
        self.tabs.setCurrentIndex([name for name, _ in TABS].index(which))
        next(iter(self.current.fields.values())).focus()

    def know(self, taken: Collection[str], now: datetime) -> None:
        """The names that there are, and what time it is."""
        for tab in self._tabs.values():
            tab.taken, tab.now = taken, now

    def submit(self) -> None:
        """Ask for what is written, or go to the first field that is not right."""
        self._say_error("")
        if self.add_button.state == "working" or not self.current.judge(asked=True):
            return
        self.add_button.show_working("Adding…")
        self.wanted.emit(self.current.value())

    def show_answer(self, error: str) -> None:
        """What came of it; a form that was obeyed is empty the next time."""
        self.add_button.reset()
        self._say_error(error)
        if not error:
            self.current.begin()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        match event.key() if event is not None else None:
            case Qt.Key.Key_Escape:
                self.closed.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.leave.hasFocus():
                self.closed.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.submit()
            case _:
                super().keyPressEvent(event)

    def _show_tab(self, place: int) -> None:
        name = TABS[place][0]
        self._pages.setCurrentWidget(self._tabs[name])
        self.say.setText(_SAY[name])
        self.add_button.show_label(self._tabs[name].verb, tip=self.add_button.toolTip())
        self._say_error("")

    def _say_error(self, error: str) -> None:
        self.error.setText(error)
        self.error.setVisible(bool(error))

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 8, 14, 12)
        column.setSpacing(12)
        column.addWidget(self.tabs)
        column.addWidget(self.say)
        column.addWidget(self._pages, 1)
        self.add(Scrolled(body, self), 1)
        foot = QWidget(self)
        below = QVBoxLayout(foot)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.error)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add_button)
        row.addWidget(self.leave)
        row.addStretch(1)
        below.addLayout(row)
        self.add_padded(foot)
