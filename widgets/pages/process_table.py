"""The table of processes: Overview has all its columns, the list of the Processes page fewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QMenu, QWidget

from services.core.commands import Command
from services.orchestrator.commands import process_of
from widgets.pages.process_acts import ACTS, Act, acts_for, holding
from widgets.parts.status import Status
from widgets.parts.table import Cell, CellAction, Column, RowsModel, Table
from widgets.parts.text.times import full_time
from widgets.states.process_lines import ProcessLine

_SERVICES = frozenset({"trading", "engagement", "debugger", "content"})
LOG, DETAILS = "log", "details"
_PAST = "You are looking at a past moment"
_TROUBLED_ROLES = {"bad": "bad", "warn": "warn"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A process as a row: with what is being done to it now, and whether anything may be."""

    line: ProcessLine
    working: str = ""
    can_act: bool = True


def service_role(service: str) -> str:
    """The colour of a service's name; the house's own have none."""
    return service if service in _SERVICES else "tx1"


def progress_cell(line: ProcessLine) -> Cell:
    if line.progress is None:
        return Cell("—", "tx2")
    role = service_role(line.service)
    return Cell(f"{line.progress:.0%}", progress=line.progress, progress_role=role if role != "tx1" else "accent")


def _actions_cell(row: Shown) -> Cell:
    if row.working:
        return Cell(f"{row.working}…", "tx2")
    act = holding(row.line)
    word = act.label if row.line.held else ""
    tip = f"{act.label} ({act.key})" if row.can_act else _PAST
    first = CellAction(act.id, word, act.icon, tip, grey=not row.can_act)
    return Cell(actions=(first, CellAction("more", "", "more", "More (Menu key)")))


def _state_cell(row: Shown) -> Cell:
    role = _TROUBLED_ROLES.get(row.line.shape, "tx0")
    return Cell(row.line.word, role, tip=row.line.tip)


def _state_or_work_cell(row: Shown) -> Cell:
    return Cell(f"{row.working}…", "tx1") if row.working else _state_cell(row)


def _doing_cell(row: Shown) -> Cell:
    return Cell(row.line.doing, "bad" if row.line.word == "Failed" else "tx1", tip=row.line.tip or row.line.doing)


def _restarts_cell(row: Shown) -> Cell:
    return Cell(str(row.line.restarts), "bad" if row.line.restarts else "tx2")


def _name_cell(row: Shown) -> Cell:
    return Cell(row.line.name, status=Status(row.line.shape), tip=f"{row.line.name}: {row.line.word.lower()}")


NAME = Column[Shown]("name", "Name", _name_cell, 156, least=120)
SERVICE = Column[Shown](
    "service",
    "Service",
    lambda row: Cell(row.line.service.capitalize(), service_role(row.line.service)),
    100,
    leaves_below=740,
)
STATE = Column[Shown]("state", "State", _state_cell, 106)
DOING = Column[Shown]("doing", "Doing now", _doing_cell, 100, stretch=True)
PROGRESS = Column[Shown](
    "progress", "Progress", lambda row: progress_cell(row.line), 126, sort=lambda row: row.line.progress or -1.0
)
RESTARTS = Column[Shown](
    "restarts",
    "Restarts",
    _restarts_cell,
    70,
    align="right",
    sort=lambda row: row.line.restarts,
    leaves_below=720,
)
ACTIONS = Column[Shown]("act", "", _actions_cell, 122)
NEXT = Column[Shown](
    "next",
    "Next",
    lambda row: Cell(row.line.next_word, "tx1", tip=full_time(row.line.next) if row.line.next else ""),
    78,
    sort=lambda row: row.line.next.timestamp() if row.line.next else float("inf"),
    leaves_below=520,
)
ALL_COLUMNS = (NAME, SERVICE, STATE, DOING, PROGRESS, RESTARTS, ACTIONS)
LIST_COLUMNS = (
    replace(NAME, width=136),
    replace(SERVICE, width=94, leaves_below=640),
    replace(STATE, cell=_state_or_work_cell),
    DOING,
    PROGRESS,
    RESTARTS,
    NEXT,
)


class ProcessTable(Table):
    """Space holds or resumes the selected process, R runs it now, S skips its next run, Del cancels it."""

    command = pyqtSignal(object)
    wanted = pyqtSignal(str, str)  # LOG or DETAILS, and the process
    held = pyqtSignal()  # something was to be done in a moment that is past

    def __init__(self, columns: Sequence[Column[Shown]], parent: QWidget | None = None) -> None:
        self._model = RowsModel[Shown](columns, key=lambda row: row.line.name)
        super().__init__(self._model, name="Processes", parent=parent)
        self.nothing = "No process yet: add a script, a project or a strategy"
        self._lines: tuple[ProcessLine, ...] = ()
        self._working: dict[str, str] = {}
        self._can_act = True
        self.acted.connect(self._obey_cell)
        self.opened.connect(lambda name: self.wanted.emit(DETAILS, str(name)))

    def show_lines(self, lines: tuple[ProcessLine, ...]) -> None:
        self._lines = lines
        self._arrange()

    def set_can_act(self, can_act: bool) -> None:
        """Nothing can be done with a past moment."""
        if can_act != self._can_act:
            self._can_act = can_act
            self._arrange()

    def answered(self, command: Command) -> None:
        """The command was obeyed, or refused: the row can be acted on again."""
        if self._working.pop(process_of(command), None) is not None:
            self._arrange()

    def line_of(self, name: object) -> ProcessLine | None:
        return next((line for line in self._lines if line.name == name), None)

    def do(self, act: Act, name: str) -> None:
        """Tell the command and show that it is being obeyed."""
        if not self._can_act:
            self.held.emit()
        elif name not in self._working:
            self._working[name] = act.label
            self._arrange()
            self.command.emit(act.command(name))

    def row_menu(self, row: int) -> QMenu:
        """Everything that can be done with a process."""
        menu = super().row_menu(row)
        menu.clear()
        line = self.line_of(self._model.key_at(self._model.index(row, 0)))
        if line is None:
            return menu
        for act in acts_for(line):
            if act.dangerous:
                menu.addSeparator()
            entry = menu.addAction(f"{act.label}\t{act.key}".rstrip())
            if entry is not None:
                entry.setToolTip(act.tip)
                entry.setEnabled(self._can_act)
                entry.triggered.connect(lambda _checked, chosen=act: self.do(chosen, line.name))
        menu.addSeparator()
        for what, title in ((LOG, "Show log"), (DETAILS, "Details\tEnter")):
            entry = menu.addAction(title)
            if entry is not None:
                entry.triggered.connect(lambda _checked, chosen=what: self.wanted.emit(chosen, line.name))
        return menu

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        line = self.line_of(self.current_key)
        if event is not None and line is not None and not event.modifiers():
            key = QKeySequence(event.key()).toString()
            act = next((act for act in acts_for(line) if act.key == key), None)
            if act is not None:
                self.do(act, line.name)
                return
        super().keyPressEvent(event)

    def _obey_cell(self, action: str, key: object) -> None:
        name = str(key)
        if action in ACTS:
            self.do(ACTS[action], name)
        elif action == "more":
            self._open_menu(name)

    def _open_menu(self, name: str) -> None:
        row = self._model.index_of(name).row()
        place, viewport = self.button_place(row, "more"), self.viewport()
        if viewport is not None:
            corner = place.bottomLeft() if place.isValid() else QPoint(0, 0)
            self.row_menu(row).popup(viewport.mapToGlobal(corner))

    def _arrange(self) -> None:
        self._model.show_rows(
            tuple(Shown(line, self._working.get(line.name, ""), self._can_act) for line in self._lines)
        )
