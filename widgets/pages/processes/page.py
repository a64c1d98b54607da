"""The Processes page."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.process.injection import Fault
from services.core.projections.views import View
from services.core.rules.standings import RuleStandings
from services.orchestrator.commands import InjectFault, RunNow, SetParameters, process_of
from services.orchestrator.history.projections import Processes, RunHistory, RunRow
from widgets.actions import ActionEntry, ChangeEntry
from widgets.pages.page import Page
from widgets.pages.process_acts import ACTS, CANCEL, PAUSE, RUN, SKIP, Act, acts_for, refusal
from widgets.pages.process_table import LIST_COLUMNS, LOG, ProcessTable
from widgets.pages.processes.controls import PAST, possible
from widgets.pages.processes.filter_bar import FilterBar
from widgets.pages.processes.form import NewProcessForm
from widgets.pages.processes.new_script import NewProject, NewScript
from widgets.pages.processes.pane import ProcessPane
from widgets.pages.processes.parameters import NOW, ONCE
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.filters import SearchField
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.split import Split
from widgets.parts.text.labels import text_label
from widgets.states.process_detail import ProcessDetail, process_detail
from widgets.states.process_list import ProcessesState, processes_state

OLDER_AT_ONCE = 100
"""Runs that are read from the store at a time."""
_SCOPE: dict[str, Any] = {"group": "Processes", "scope": "processes"}


class ProcessesPage(Page):
    """Every process, and the one that is selected in full. Reads the same over a past view."""

    ACTIONS = (
        ChangeEntry("processes.hold", "Pause or resume the selected process", PAUSE.tip, PAUSE.key, **_SCOPE),
        ChangeEntry("processes.run", "Run the selected process now", RUN.tip, RUN.key, **_SCOPE),
        ChangeEntry("processes.skip", "Skip the next run of the selected process", SKIP.tip, SKIP.key, **_SCOPE),
        ChangeEntry("processes.cancel", "Cancel the selected process", CANCEL.tip, CANCEL.key, **_SCOPE),
        ActionEntry("processes.log", "Show the log of the selected process", shortcut="L", **_SCOPE),
        ActionEntry("processes.search", "Search processes", shortcut="/", **_SCOPE),
        ChangeEntry("processes.new", "New process", "Add a script, a project or a strategy", "N", asks=True, **_SCOPE),
    )

    script_wanted = pyqtSignal(object)
    """A ``NewScript`` to adopt; what comes of it is told with ``form_answered``."""
    project_wanted = pyqtSignal(object)
    """A ``NewProject`` to care for; answered likewise."""
    strategy_wanted = pyqtSignal(object)
    """A ``NewStrategy``: a copy of one that there is, under a name of its own; answered likewise."""

    older_wanted = pyqtSignal(str, int)
    """A process, and how many of its newest runs are wanted from the store; told with ``show_older``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Processes")
        self._older: dict[str, tuple[RunRow, ...]] = {}
        self._all_known: set[str] = set()
        self._view: View | None = None
        self._seen: tuple[object, ...] = ()
        self._working: dict[str, Act] = {}
        self._faults: dict[str, str] = {}
        self._wanted = ""
        self._added = ""
        self._showing = False
        self.filters = FilterBar(self)
        self.search = SearchField("Search processes", 200, self)
        self.search.setToolTip("Search processes (/)")
        self.new = ActionButton("New process", "primary", icon_name="plus", tip="Add a script, project or strategy (N)")
        self.table = ProcessTable(LIST_COLUMNS)
        self.pane = ProcessPane(self)
        self.form = NewProcessForm(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._show)
        self._lay_out()
        self._wire()

    # What the runtime tells

    def refresh(self, view: View) -> None:
        self._view = view
        self._live = view.live
        self._show()

    def select(self, what: str) -> None:
        """Select a process by its name; filter and form give way. One that is not known yet is taken once it is."""
        self._leave_form()
        self._wanted = what
        if self._view is not None and not self.table.rows.index_of(what).isValid():
            self.filters.choose("all")
            self.search.clear()
            self._show()
        self._select_wanted()

    def set_live(self, live: bool) -> None:
        super().set_live(live)
        if not live:
            self._leave_form()
        self._show()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        if event is not None and not event.spontaneous() and self._side.currentWidget() is self.pane:
            self.table.setFocus()  # so that the page's keys count at once

    def answered(self, command: Command, error: str) -> None:
        name = process_of(command)
        if isinstance(command, SetParameters):
            if name == self.pane.name:
                self.pane.parameters.show_answer(error)
            return
        if isinstance(command, RunNow) and command.overrides and name == self.pane.name:
            self.pane.parameters.show_answer(error)
        act = self._working.get(name)
        self.table.answered(command)
        if act is None or type(act.command(name)) is not type(command):
            return
        del self._working[name]
        if error:
            self._faults[name] = error
        self._show()
        if name == self.pane.name:
            self.pane.controls.show_answer(act, error)

    def set_developer(self, developing: bool) -> None:
        """Offer the developer's menu, or not."""
        self.pane.danger.developer.setVisible(developing)

    def open_form(self, which: str = "script") -> None:
        """Open the form for a ``script``, a ``project`` or a ``strategy`` beside the list."""
        if not self.can_act:
            self.held.emit()
        else:
            self._side.setCurrentWidget(self.form)
            self._side.show()
            self.form.open(which)

    def offer_strategies(self, files: tuple[str, ...]) -> None:
        """What a strategy of one's own may begin with, as ``trading/NAME.yaml``."""
        self.form.strategy.offer(files)

    def show_older(self, name: str, runs: tuple[RunRow, ...], wanted: int) -> None:
        """The newest runs of a process that the store has, of which ``wanted`` were asked for."""
        self._older[name] = runs
        if len(runs) < wanted:
            self._all_known.add(name)
        self._show_selected()

    def form_answered(self, error: str) -> None:
        """What the form asked for was done, or why not: ``error`` is empty when it was."""
        self.form.show_answer(error)
        if not error:
            self.select(self._added)

    def obey(self, action_id: str) -> None:
        """Take one of this page's actions."""
        match action_id:
            case "processes.hold":
                detail = self._detail()
                self._do(acts_for(detail.line)[0] if detail is not None else PAUSE)
            case "processes.run" | "processes.skip" | "processes.cancel":
                self._do(ACTS[action_id.removeprefix("processes.")])
            case "processes.log":
                self._open_log(self.pane.name)
            case "processes.search":
                self.search.setFocus()
                self.search.selectAll()
            case "processes.new":
                self.open_form()

    def why_not(self, action_id: str) -> str:
        act = ACTS.get(action_id.removeprefix("processes."))
        if action_id != "processes.hold" and act is None:
            return ""
        detail = self._detail()
        if not self.can_act:
            return PAST
        if detail is None:
            return "no process is selected"
        return refusal(act, detail.line) if act is not None else ""

    # What a person does

    def _do(self, act: Act) -> None:
        detail = self._detail()
        if detail is not None and self.can_act and act in possible(detail):
            self.table.do(act, detail.line.name)

    def _told(self, command: Command) -> None:
        """The table, or a button by way of it, has a command."""
        name = process_of(command)
        self._working[name] = next(act for act in ACTS.values() if type(act.command(name)) is type(command))
        self._faults.pop(name, None)
        self.command.emit(command)
        self._show()

    def _set(self, parameters: object, span: str) -> None:
        if not (self.can_act and self.pane.name and isinstance(parameters, dict)):
            return
        if span == NOW:
            self._told(RunNow(self.pane.name, parameters))
        else:
            self.command.emit(SetParameters(self.pane.name, parameters, span == ONCE))

    def _want_older(self) -> None:
        detail = self._detail()
        if detail is not None:
            self.older_wanted.emit(detail.line.name, len(detail.runs) + OLDER_AT_ONCE)

    def _inject(self, fault: Fault) -> None:
        if self.can_act and self.pane.name:
            self.command.emit(InjectFault(self.pane.name, fault))

    def _send_form(self, wanted: object) -> None:
        match wanted:
            case NewScript():
                self._added = wanted.name
                self.script_wanted.emit(wanted)
            case NewProject():
                self._added = wanted.name or wanted.path.replace("\\", "/").rstrip("/").rpartition("/")[2]
                self.project_wanted.emit(wanted)
            case _:
                self._added = getattr(wanted, "name", "")
                self.strategy_wanted.emit(wanted)

    def _leave_form(self) -> None:
        if self._side.currentWidget() is self.form:
            self._side.setCurrentWidget(self.pane)
            self._side.setVisible(bool(self.pane.name))
            self.table.setFocus()

    def _open_log(self, name: str) -> None:
        if name:
            self.go_to.emit("logs", name)

    def _choose(self) -> None:
        """A row is selected: by a person, who then wants to see it, or because rows came and went."""
        if not self._showing:
            if self._side.currentWidget() is self.form:
                self._side.setCurrentWidget(self.pane)
            self._show_selected()

    def event(self, event: QEvent | None) -> bool:
        """Keep a key for what has the focus where it has a meaning there: typing in the form, Space on a button."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._has_own_use(event):
            event.accept()
            return True
        return super().event(event)

    def _has_own_use(self, event: QKeyEvent) -> bool:
        focus = self.focusWidget()
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if focus is not None and self.form.isAncestorOf(focus):
            return True
        return event.key() == Qt.Key.Key_Space and focus is not self.table

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.matches(QKeySequence.StandardKey.Find):
            self.obey("processes.search")
        else:
            super().keyPressEvent(event)

    # From what is known to what is shown

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        known = (view.value(Processes), view.value(RunHistory), view.value(RuleStandings))
        told = (self.filters.current, self.search.text(), int(view.at.timestamp()), view.live, self.can_act)
        now = (*told, dict(self._working), dict(self._faults))
        if self._seen and all(a is b for a, b in zip(known, self._seen, strict=False)) and now == self._seen[-1]:
            return
        self._seen = (*known, now)
        self.new.setEnabled(self.can_act)
        self.table.set_can_act(self.can_act)
        names = [row.name for row in known[0].rows]
        self.form.know(names, view.at)
        self._showing = True
        self._show_state(processes_state(view, self.filters.current, self.search.text()))
        self._showing = False
        self._show_selected()

    def _show_state(self, state: ProcessesState) -> None:
        self.table.nothing = "No process matches"
        self.table.show_lines(state.lines)
        self.filters.offer(state.services, state.counts)
        shown = len(state.lines)
        self._side.setVisible(state.total > 0 or self._side.currentWidget() is self.form)
        self._list.show_note(f"{shown:,} of {state.total:,}" if shown != state.total else f"{shown or ''}")
        if state.total:
            self._faces.show_content()
        elif self._faces.currentWidget() is self._faces.content:
            self._show_empty()
        if not self.table.currentIndex().isValid() and state.lines:
            self.table.select_key(state.lines[0].name)
        self._select_wanted()

    def _show_empty(self) -> None:
        self._faces.show_empty(
            "No process yet",
            "Bots, schedules and scripts run here: what each does and why, how its runs ended, "
            "and the means to pause, run or end it.",
            (
                Offer("script", "Add a script", "primary", "Any command becomes a process"),
                Offer("project", "Add a project", tip="Have a project scanned and tested"),
                Offer("strategy", "Add a strategy", tip="Your own copy of a strategy or campaign"),
            ),
        )

    def _show_selected(self) -> None:
        detail = self._detail()
        if detail is None:
            self.pane.show_nothing()
            return
        name = detail.line.name
        fault = self._faults.get(name, "")
        self.pane.show_detail(detail, can_act=self.can_act, working=self._working.get(name), fault=fault)

    def _detail(self) -> ProcessDetail | None:
        key = self.table.current_key
        if self._view is None or key is None:
            return None
        name = str(key)
        return process_detail(self._view, name, self._older.get(name, ()), all_known=name in self._all_known)

    def _select_wanted(self) -> None:
        if self._wanted and self.table.rows.index_of(self._wanted).isValid():
            self.table.select_key(self._wanted)
            self._wanted = ""

    def _wire(self) -> None:
        self.table.selected.connect(lambda _key: self._choose())
        self.table.command.connect(self._told)
        self.table.held.connect(self.held)
        self.table.wanted.connect(lambda what, name: self._open_log(name) if what == LOG else self._enter_pane())
        self.filters.chosen.connect(lambda _chosen: self._show())
        self.search.textChanged.connect(lambda _text: self._settle.start(120))
        self.search.leads_to(self.table, self._show)
        self.new.clicked.connect(lambda: self.open_form())
        self.pane.wanted.connect(self._do)
        self.pane.set_wanted.connect(self._set)
        self.pane.danger.developer.wanted.connect(self._inject)
        self.pane.runs.older.connect(self._want_older)
        self.pane.log.connect(self._open_log)
        self.pane.rule.connect(lambda key: self.go_to.emit("rules", key))
        self.pane.remove.connect(lambda name: self.offer.emit(f"remove:{name}"))
        self.form.wanted.connect(self._send_form)
        self.form.closed.connect(self._leave_form)
        self._faces.chosen.connect(self.open_form)

    def _enter_pane(self) -> None:
        self._leave_form()
        self.pane.controls.hold.setFocus()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(text_label("Processes", size="title"))
        bar.addSpacing(6)
        bar.addWidget(self.filters, 1)
        bar.addWidget(self.search)
        bar.addWidget(self.new)
        self._list = Card("All processes", parent=self)
        self._faces = Faces(self.table)
        self._list.add(self._faces, 1)
        self._side = QStackedWidget(self)
        self._side.addWidget(self.pane)
        self._side.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(Split("processes", Qt.Orientation.Horizontal).fill((self._list, 5), (self._side, 3)), 1)
