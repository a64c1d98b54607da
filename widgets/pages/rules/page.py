"""The Rules page."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.projections.views import View
from services.core.rules.events import RearmRule
from services.core.rules.standings import RuleStandings
from services.orchestrator.commands import Customise
from services.orchestrator.definitions.file_mistakes import FileMistakes
from services.orchestrator.history.projections import Processes
from widgets.actions import ChangeEntry
from widgets.pages.page import Page
from widgets.pages.rules.columns import COLUMNS
from widgets.pages.rules.pane import RulePane
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.split import Split
from widgets.parts.table import RowsModel, Table
from widgets.parts.text.labels import text_label
from widgets.states.rules import RuleLine, key_of, rule_lines


class RulesPage(Page):
    """Every rule for all that it watches, and the one that is selected in full. Reads the same over a past view."""

    ACTIONS = (
        ChangeEntry("rules.rearm", "Re-arm the selected rule", "With a reason", "R", group="Rules", scope="rules"),
        ChangeEntry("rules.own", "Customise the selected rule", "Its file", "C", group="Rules", scope="rules"),
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Rules")
        self._view: View | None = None
        self._seen: tuple[object, ...] = ()
        self._lines: dict[str, RuleLine] = {}
        self._working: set[str] = set()
        self._faults: dict[str, str] = {}
        self._wanted = ""
        self.table = Table(RowsModel(COLUMNS, key=lambda line: line.key), name="Rules")
        self.pane = RulePane(self)
        self._lay_out()
        self.table.selected.connect(lambda _key: self._show_selected())
        self.table.opened.connect(lambda _key: self.pane.ask())
        self._faces.chosen.connect(lambda page: self.go_to.emit(page, ""))
        self.pane.rearm.connect(self._rearm)
        self.pane.own.connect(lambda file: self.command.emit(Customise(file, "")))
        self.pane.process.connect(lambda name: self.go_to.emit("processes", name))

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        if event is not None and not event.spontaneous():
            self.table.setFocus()  # so that the page's keys count at once

    def refresh(self, view: View) -> None:
        self._view = view
        self._live = view.live
        self._show()

    def set_live(self, live: bool) -> None:
        super().set_live(live)
        self._show()

    def select(self, what: str) -> None:
        """Select a rule by ``key_of`` its name and subject, or a file of rules by its path in the home."""
        self._wanted = what
        self._select_wanted()

    def obey(self, action_id: str) -> None:
        """Take one of this page's actions."""
        if action_id == "rules.rearm" and self.can_act:
            self.pane.ask()
        if action_id == "rules.own" and self.can_act:
            self.pane.ask_own()

    def answered(self, command: Command, error: str) -> None:
        if not isinstance(command, RearmRule):
            return
        key = key_of(command.rule, command.each)
        self._working.discard(key)
        if error:
            self._faults[key] = error
        if key == self.table.current_key:
            if error:
                self.pane.button.show_failed("Failed", error)
            else:
                self.pane.button.show_done("Armed")
        self._show()

    def _rearm(self, reason: str) -> None:
        line = self.pane.line
        if line is None or not self.can_act:
            return
        self._working.add(line.key)
        self._faults.pop(line.key, None)
        self.pane.taken()
        self.pane.button.show_working()
        self.command.emit(RearmRule(line.rule, line.each, reason))
        self._show()

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        known = (view.value(RuleStandings), view.value(FileMistakes))
        now = (int(view.at.timestamp()), view.live, self.can_act, frozenset(self._working), dict(self._faults))
        if self._seen and known[0] is self._seen[0] and known[1] is self._seen[1] and now == self._seen[2]:
            return
        self._seen = (*known, now)
        lines = rule_lines(view)
        self._lines = {line.key: line for line in lines}
        self.table.rows.show_rows(lines)
        self._list.show_note(f"{len(lines):,}" if lines else "")
        if lines:
            self._faces.show_content()
        elif self._faces.currentWidget() is self._faces.content:
            self._faces.show_empty(
                "No rule is in force",
                "A rule watches what your processes measure, and pauses, stops or alerts where a limit is passed. Some "
                "come with Dreamscape and stand here once it runs; your own go into strategies/rules of the home.",
                (Offer("processes", "Open Processes", tip="Add what is to be watched, or start it"),),
            )
        if not self.table.currentIndex().isValid() and lines:
            self.table.select_key(lines[0].key)
        self._select_wanted()
        self._show_selected()

    def _show_selected(self) -> None:
        line = self._lines.get(str(self.table.current_key)) if self.table.current_key is not None else None
        if line is None or self._view is None:
            self.pane.show_nothing()
            return
        self.pane.show_line(
            line,
            can_act=self.can_act,
            working=line.key in self._working,
            fault=self._faults.get(line.key, ""),
            is_process=self._view.value(Processes).named(line.each) is not None,
        )

    def _select_wanted(self) -> None:
        if self._wanted and self.table.rows.index_of(self._wanted).isValid():
            self.table.select_key(self._wanted)
            self._wanted = ""

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(text_label("Rules", size="title"))
        bar.addStretch(1)
        self._list = Card("All rules", parent=self)
        self._faces = Faces(self.table)
        self._list.add(self._faces, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(Split("rules", Qt.Orientation.Horizontal).fill((self._list, 5), (self.pane, 3)), 1)
