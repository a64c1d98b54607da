"""The Decisions page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QWidget

from services.core.commands import Command
from services.core.decisions.commands import UndoDecision, decision_of
from services.core.decisions.inbox import DecisionRow, DecisionsValue
from services.core.decisions.wanted import Part, Wanted
from services.core.projections.views import View
from widgets.actions import ActionEntry, ChangeEntry
from widgets.pages.decision_list import DecisionListPage, list_of
from widgets.pages.decisions.at_hand import Ask, AtHand, every
from widgets.pages.decisions.columns import COLUMNS, DAY_WIDTH, TIME_WIDTH
from widgets.pages.decisions.state import KINDS, WHO, LedgerRow, Written, decisions_state
from widgets.parts.controls.filters import Choices, Dropdown, SearchField
from widgets.parts.decisions.pane import DecisionPane
from widgets.parts.panels.split import Split

_SCOPE: dict[str, Any] = {"group": "Decisions", "scope": "decisions"}


class DecisionsPage(DecisionListPage):
    """The ledger, newest first, and the decision that is selected in full. Scrolled to its end, the list goes on."""

    ACTIONS = (
        ChangeEntry("decisions.approve", "Approve the selected decision", shortcut="A", **_SCOPE),
        ChangeEntry("decisions.reject", "Reject the selected decision", shortcut="R", **_SCOPE),
        ActionEntry("decisions.search", "Search the decisions", shortcut="Ctrl+F", **_SCOPE),
    )

    part_wanted = pyqtSignal(object)
    """An ``Ask``; told with ``show_part``."""

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
        self.at_hand, self._written = AtHand(), Written()
        self.who = Dropdown("Who decided", "Anyone", self)
        self.acts = Dropdown("Kind", "All kinds", self)
        self.processes = Dropdown("Process", "All processes", self)
        self.who.offer(label for _by, label in WHO)
        self._names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._list = self.list_card("Ledger")
        panes = Split("decisions", Qt.Orientation.Horizontal).fill((self._list, 8), (self.pane, 5))
        narrowing = (self.who, self.acts, self.processes)
        self.lay_out(panes=panes, below=narrowing)
        self.table.acted.connect(lambda _action, key: self._undo(str(key)))
        self.table.opened.connect(lambda _key: self.pane.card.setFocus())
        for box in narrowing:
            box.activated.connect(lambda _place: self._show())
        bar = self.table.verticalScrollBar()
        assert bar is not None
        bar.valueChanged.connect(lambda _value: self._read_on())
        bar.rangeChanged.connect(lambda _least, _most: self._read_on())

    def show_part(self, ask: Ask, part: Part, kinds: tuple[str, ...], processes: tuple[str, ...]) -> None:
        """A part of the ledger that this page asked for, and the names that the whole of it has."""
        if self.at_hand.take(ask, part):
            self._names = kinds, processes
            self._show()

    def _undo(self, identity: str) -> None:
        """Take it back; of what cannot be yet, the pane tells all there is."""
        row = self.table.rows.row_at(self.table.rows.index_of(identity))
        if row is not None and row.undo_held:
            self.table.select_key(identity)
        else:
            self._tell(UndoDecision(identity))

    def answered(self, command: Command, error: str) -> None:
        self.at_hand.doubt(decision_of(command))
        super().answered(command, error)

    def _read_on(self) -> None:
        """Near its end the list goes on."""
        bar = self.table.verticalScrollBar()
        if bar is not None and self.isVisible() and bar.value() >= bar.maximum() - bar.pageStep():
            self._read(self.at_hand.more())

    def _read(self, ask: Ask | None) -> None:
        if ask is not None:
            self.part_wanted.emit(ask)

    def _asked(self, view: View) -> tuple[object, ...]:
        minute = int(view.at.timestamp()) // 60  # the day of a time changes at most so often
        return self._wanted_rows, minute, self.at_hand.turn

    @property
    def _wanted_rows(self) -> Wanted:
        stands = self.kinds.current if self.kinds.current != "all" else ""
        by = next((by for by, label in WHO if label == self.who.chosen), "")
        return Wanted(by, self.acts.chosen, self.processes.chosen, stands, tuple(self.search.text().split()))

    def _show_rows(self, view: View) -> None:
        wanted = self._wanted_rows
        ask = self.at_hand.see(view, wanted)
        state = decisions_state(view, self.at_hand, wanted, self._under_way.notes, self._written)
        kinds, processes = self._names
        self.kinds.show_counts(state.counts)
        self.acts.offer({*state.kinds, *kinds})
        self.processes.offer({*state.processes, *processes})
        self._fit_times(state.rows)
        self._list.show_note(state.note)
        self.show_list(state.rows, state.total)
        self._read(ask)

    def _fit_times(self, rows: tuple[LedgerRow, ...]) -> None:
        """Days are named only where there are some, and only then need the room."""
        longest = max((len(row.when) for row in rows), default=0)
        width = TIME_WIDTH if longest <= len("09:31") else DAY_WIDTH
        if self.table.columnWidth(0) in (TIME_WIDTH, DAY_WIDTH) and self.table.columnWidth(0) != width:
            self.table.setColumnWidth(0, width)

    def _known(self, known: DecisionsValue) -> Iterable[DecisionRow]:
        return (*every(known).values(), *self.at_hand.older)

    def _widen(self) -> None:
        super()._widen()
        for box in (self.who, self.acts, self.processes):
            box.choose("")
