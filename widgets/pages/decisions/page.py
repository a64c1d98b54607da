"""The Decisions page."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from services.core.decisions.commands import UndoDecision
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.projections.views import View
from widgets.actions import ActionEntry, ChangeEntry
from widgets.pages.decision_list import DecisionListPage, list_of
from widgets.pages.decisions.columns import COLUMNS, DAY_WIDTH, TIME_WIDTH
from widgets.pages.decisions.state import KINDS, LedgerFilter, LedgerRow, decisions_state, every, last_undoable
from widgets.parts.decision_pane import DecisionPane
from widgets.parts.filters import Choices, Dropdown, SearchField
from widgets.parts.split import Split

_SCOPE = {"group": "Decisions", "scope": "decisions"}
ACTIONS = (
    ChangeEntry("decisions.undo", "Undo the last decision", "Take back what was settled last", "Ctrl+Z", **_SCOPE),
    ChangeEntry("decisions.approve", "Approve the selected decision", shortcut="A", **_SCOPE),
    ChangeEntry("decisions.reject", "Reject the selected decision", shortcut="R", **_SCOPE),
    ActionEntry("decisions.search", "Search the decisions", shortcut="Ctrl+F", **_SCOPE),
)


class DecisionsPage(DecisionListPage):
    """The ledger, newest first, and the decision that is selected in full."""

    EMPTY = (
        "No decision yet",
        "Every act taken for you, or put before you, stands here with its reason and its undo.",
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Decisions",
            Choices("Which decisions", KINDS),
            SearchField("Search decisions"),
            list_of(COLUMNS, "Decisions"),
            DecisionPane("Decision", "Select a decision"),
            parent,
        )
        self.processes = Dropdown("Process", "All processes", self)
        self._list = self.list_card("Ledger")
        panes = Split("decisions", Qt.Orientation.Horizontal).fill((self._list, 8), (self.pane, 5))
        self.lay_out(self.processes, panes=panes)
        self.table.acted.connect(lambda _action, key: self._tell(UndoDecision(str(key))))
        self.table.opened.connect(lambda _key: self.pane.card.setFocus())
        self.processes.activated.connect(lambda _place: self._show())

    def _asked(self, view: View) -> tuple[object, ...]:
        minute = int(view.at.timestamp()) // 60  # the day of a time changes at most so often
        return self._filter, minute

    @property
    def _filter(self) -> LedgerFilter:
        return LedgerFilter(self.kinds.current, self.processes.chosen, self.search.text())

    def _show_rows(self, view: View) -> None:
        state = decisions_state(view, self._filter, self._under_way.notes)
        self.kinds.show_counts({kind: count for kind, count in state.counts.items() if kind != "all"})
        self.processes.offer(state.processes)
        self._fit_times(state.rows)
        counted = f"{len(state.rows):,} of {state.total:,}" if len(state.rows) != state.total else f"{state.total:,}"
        self._list.show_note(counted)
        self.show_list(state.rows, state.total)

    def _fit_times(self, rows: tuple[LedgerRow, ...]) -> None:
        """Days are named only where there are some, and only then need the room."""
        longest = max((len(row.when) for row in rows), default=0)
        width = TIME_WIDTH if longest <= len("09:31") else DAY_WIDTH
        if self.table.columnWidth(0) in (TIME_WIDTH, DAY_WIDTH) and self.table.columnWidth(0) != width:
            self.table.setColumnWidth(0, width)

    def _known(self, known: DecisionsValue) -> Iterable[DecisionRow]:
        return every(known)

    def _last_undoable(self) -> str:
        """What was settled last and can be undone."""
        if self._view is None or not self.can_act:
            return ""
        rows = (row for row in every(self._view.value(Decisions)) if row.id not in self._under_way.notes)
        last = last_undoable(rows)
        return last.id if last is not None else ""

    def _widen(self) -> None:
        super()._widen()
        self.processes.choose("")
