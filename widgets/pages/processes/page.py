"""The Processes page."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.views import View
from services.orchestrator.commands import SetParameters
from services.orchestrator.projections import Processes, RunHistory
from widgets.actions import ActionEntry
from widgets.pages.page import Page
from widgets.pages.processes.columns import COLUMNS
from widgets.pages.processes.controls import MAKE, working_word
from widgets.pages.processes.detail import Action, detail_of
from widgets.pages.processes.pane import ProcessPane
from widgets.pages.processes.state import FILTERS, ProcessesState, processes_state
from widgets.parts.action_button import ActionButton
from widgets.parts.card import Card
from widgets.parts.empty_state import Offer
from widgets.parts.faces import Faces
from widgets.parts.filters import Choices, SearchField
from widgets.parts.labels import text_label
from widgets.parts.split import Split
from widgets.parts.table import RowsModel, Table

_SCOPE = {"group": "Processes", "scope": "processes"}
ACTIONS = (
    ActionEntry("processes.hold", "Pause or resume the selected process", shortcut="Space", **_SCOPE),
    ActionEntry("processes.run", "Run the selected process now", shortcut="R", **_SCOPE),
    ActionEntry("processes.cancel", "Cancel the selected process", "End its runs", "Del", **_SCOPE),
    ActionEntry("processes.search", "Search processes", shortcut="/", **_SCOPE),
    ActionEntry("processes.new", "New process", "Add a script, a project or a strategy", "N", **_SCOPE),
)
_OF_COMMAND: dict[type[Command], Action] = {type(make("any")): action for action, make in MAKE.items()}
_NARROW = (("service", 620), ("restarts", 540), ("next", 460))
"""Columns that give way, first the one whose news can best be done without, and the width under which they do."""


class ProcessesPage(Page):
    """Every process, and the one that is selected in full. Reads the same over a past view."""

    script_wanted = pyqtSignal(object)
    """A ``NewScript`` to adopt; what comes of it is told with ``form_answered``."""
    project_wanted = pyqtSignal(object)
    """A ``NewProject`` to care for."""
    strategy_wanted = pyqtSignal(object)
    """A ``NewStrategy``: a copy of one that there is, under a name of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: View | None = None
        self._seen: tuple[object, ...] = ()
        self._working: dict[str, Action] = {}
        self._faults: dict[str, str] = {}
        self._wanted = ""
        self._services: tuple[str, ...] = ()
        self.filters = Choices("Which processes", FILTERS, self)
        self.search = SearchField("Search processes", parent=self)
        self.search.setToolTip("Search processes (/)")
        self.new = ActionButton("New process", "primary", icon_name="plus", tip="Add a script, project or strategy (N)")
        self.table = Table(RowsModel(COLUMNS, key=lambda row: row.name), name="Processes")
        self.pane = ProcessPane(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._show)
        self._lay_out()
        self._wire()

    def refresh(self, view: View) -> None:
        self._view = view
        self.set_live(view.live)
        self._show()

    def select(self, what: str) -> None:
        """Select a process by its name; the filter gives way if it hides it."""
        self._wanted = what
        if self._view is not None and not self.table.rows.index_of(what).isValid():
            self.filters.choose("all")
            self.search.clear()
            self._show()
        self._select_wanted()

    def set_live(self, live: bool) -> None:
        super().set_live(live)
        self.new.setEnabled(live)
        self._show()

    def answered(self, command: Command, error: str) -> None:
        name = str(getattr(command, "process", ""))
        if isinstance(command, SetParameters):
            if name == self.pane.name:
                self.pane.parameters.show_answer(error)
            return
        action = _OF_COMMAND.get(type(command))
        if action is None or self._working.get(name) != action:
            return
        del self._working[name]
        if error:
            self._faults[name] = error
        self._show()
        if name == self.pane.name:
            self.pane.controls.show_answer(action, error)

    def obey(self, action_id: str) -> None:
        """Take one of this page's actions."""
        match action_id:
            case "processes.hold":
                self.hold()
            case "processes.run":
                self._tell("run")
            case "processes.cancel":
                self._tell("cancel")
            case "processes.search":
                self.search.setFocus()
            case "processes.new":
                self.open_form("script")

    def hold(self) -> None:
        """Pause the selected process, or let it go on."""
        detail = self._detail()
        if detail is not None:
            self._tell("resume" if "resume" in detail.can else "pause")

    def _tell(self, action: Action) -> None:
        detail = self._detail()
        if detail is None or not self.can_act or action not in detail.can or detail.line.name in self._working:
            return
        name = detail.line.name
        self._working[name] = action
        self._faults.pop(name, None)
        self.command.emit(MAKE[action](name))
        self._show()

    def _set(self, parameters: object, once: bool) -> None:
        if self.can_act and self.pane.name and isinstance(parameters, dict):
            self.command.emit(SetParameters(self.pane.name, parameters, once))

    # From what is known to what is shown

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        known = (view.value(Processes), view.value(RunHistory))
        told = (self.filters.current, self.search.text(), int(view.at.timestamp()), view.live, self.can_act)
        now = (*told, dict(self._working), dict(self._faults))
        if self._seen and known[0] is self._seen[0] and known[1] is self._seen[1] and now == self._seen[2]:
            return
        self._seen = (*known, now)
        notes = {name: working_word(action) for name, action in self._working.items()}
        self._show_state(processes_state(view, self.filters.current, self.search.text(), notes))

    def _show_state(self, state: ProcessesState) -> None:
        self._offer_services(state.services)
        self.table.rows.show_rows(state.rows)
        self.filters.show_counts(state.counts)
        shown = len(state.rows)
        self._list.show_note(f"{shown:,} of {state.total:,}" if shown != state.total else f"{shown or ''}")
        if state.total:
            self._faces.show_content()
        elif self._faces.currentWidget() is self._faces.content:
            self._show_empty()
        if not self.table.currentIndex().isValid() and state.rows:
            self.table.select_key(state.rows[0].name)
        self._select_wanted()
        self._show_selected()

    def _show_empty(self) -> None:
        self._faces.show_empty(
            "No process yet",
            "Bots, schedules and scripts run here: what each does, how its runs ended, "
            "and the means to pause, run or heal it.",
            (
                Offer("script", "Add a script", "primary", "Any command becomes a process"),
                Offer("project", "Add a project", tip="Scan and test a project on a schedule"),
                Offer("strategy", "Customise a strategy", tip="Your own copy of a trading strategy"),
            ),
        )

    def _show_selected(self) -> None:
        detail = self._detail()
        if detail is None:
            self.pane.show_nothing()
            return
        name = detail.line.name
        self.pane.show_detail(
            detail, can_act=self.can_act, working=self._working.get(name), fault=self._faults.get(name, "")
        )

    def _detail(self):  # type: ignore[no-untyped-def]
        key = self.table.current_key
        return detail_of(self._view, str(key)) if self._view is not None and key is not None else None

    def _select_wanted(self) -> None:
        if self._wanted and self.table.rows.index_of(self._wanted).isValid():
            self.table.select_key(self._wanted)
            self._wanted = ""

    def _offer_services(self, services: tuple[str, ...]) -> None:
        """A chip for each service that there is; made anew only when they change."""
        if services == self._services:
            return
        self._services, chosen = services, self.filters.current
        old = self.filters
        self.filters = Choices("Which processes", (*FILTERS, *((each, each.capitalize()) for each in services)), self)
        self.filters.choose(chosen if chosen in self.filters.chips else "all")
        self.filters.chosen.connect(lambda _chosen: self._show())
        self._bar.replaceWidget(old, self.filters)
        old.hide()
        old.deleteLater()

    def open_form(self, which: str) -> None:
        """Open the form for a ``script``, a ``project`` or a ``strategy`` beside the list."""

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        width = self.table.width()
        for place, column in enumerate(COLUMNS):
            least = dict(_NARROW).get(column.id)
            if least is not None:
                self.table.setColumnHidden(place, width < least)

    def _wire(self) -> None:
        self.table.selected.connect(lambda _key: self._show_selected())
        self.filters.chosen.connect(lambda _chosen: self._show())
        self.search.textChanged.connect(lambda _text: self._settle.start(120))
        self.new.clicked.connect(lambda: self.open_form("script"))
        self.pane.wanted.connect(self._tell)
        self.pane.set_wanted.connect(self._set)
        self.pane.log.connect(lambda name: self.go_to.emit("logs", name))
        self.pane.remove.connect(lambda name: self.offer.emit(f"remove:{name}"))
        self._faces.chosen.connect(self.open_form)

    def _lay_out(self) -> None:
        self._bar = QHBoxLayout()
        self._bar.setSpacing(10)
        self._bar.addWidget(text_label("Processes", size="title"))
        self._bar.addSpacing(6)
        self._bar.addWidget(self.filters)
        self._bar.addStretch(1)
        self._bar.addWidget(self.search)
        self._bar.addWidget(self.new)
        self._list = Card("All processes", parent=self)
        self._faces = Faces(self.table)
        self._list.add(self._faces, 1)
        self._side = QStackedWidget(self)
        self._side.addWidget(self.pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._bar)
        column.addWidget(Split("processes", Qt.Orientation.Horizontal).fill((self._list, 5), (self._side, 3)), 1)
