"""The Overview page: tiles, processes, charts, what needs you, what was done, the log, and the time line over all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.logs.line import LogLine
from services.core.projections.views import View
from widgets.pages.overview.chart_card import ChartCard
from widgets.pages.overview.first_steps import FirstSteps
from widgets.pages.overview.lists import DeedsCard, NeedsCard
from widgets.pages.overview.log_card import LogCard
from widgets.pages.overview.time_bar import TimeBar
from widgets.pages.page import Page
from widgets.pages.process_table import ALL_COLUMNS, LOG, ProcessTable, Shown
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.kpi.tile import KpiTile
from widgets.parts.kpi.view import KpiView
from widgets.parts.panels.card import Card
from widgets.parts.panels.split import Split
from widgets.states.overview import OverviewState, overview_state

_TILES = ("pnl", "rate", "tests", "sentiment", "runs", "errors")
_BEHIND = {"errors": "logs"}
"""The page behind a tile; the others have the processes that bring them."""
_LEAST_SIDE = 270  # px in which two buttons and a few words stand beside each other


class OverviewPage(Page):
    """Shows ``overview_state`` of whatever view it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Overview")
        self.time = TimeBar(self)
        self.steps = FirstSteps(self)
        self.tiles = {name: KpiTile(KpiView(name, ""), self) for name in _TILES}
        self.table = ProcessTable(ALL_COLUMNS)
        self.charts = (ChartCard(), ChartCard())
        self.needs, self.deeds, self.log = NeedsCard(), DeedsCard(), LogCard()
        self.all, self.attention = (Chip(text, dense=True, pressable=True) for text in ("All 0", "Attention 0"))
        self.new = ActionButton("New process", icon_name="plus", dense=True, tip="Make any command a process")
        self.steps.hide()
        self._lay_out()
        self._wire()

    def refresh(self, view: View) -> None:
        """Show what ``view`` knows."""
        for _ in self.in_parts(view):
            pass

    def in_parts(self, view: View) -> Iterator[None]:
        state = overview_state(view)
        self._show_running(state, live=view.live)
        yield
        self._show_beside(state, live=view.live)

    def _show_running(self, state: OverviewState, *, live: bool) -> None:
        """The figures and the processes; parts that are as they were cost nothing."""
        self.time.show_time(state.time, live=live)
        for tile in state.tiles:
            self.tiles[tile.id].show_view(tile)
        self.table.show_lines(state.processes)
        self.all.show_text(f"All {len(state.processes)}")
        self.attention.show_text(f"Attention {state.troubled}")

    def _show_beside(self, state: OverviewState, *, live: bool) -> None:
        """The curves, what needs a person, and what was done."""
        for card, chart in zip(self.charts, state.charts, strict=True):
            card.show_chart(chart)
        self.needs.show_state(state, live=live)
        self.deeds.show_state(state, live=live)

    def select(self, what: str) -> None:
        """Put the keyboard on a process."""
        self.table.select_key(what)

    def answered(self, command: Command, error: str) -> None:
        """Tell the button or the row that a command came from what came of it."""
        self.table.answered(command)
        self.needs.answered(command, error)
        self.deeds.answered(command, error)

    def set_live(self, live: bool) -> None:
        """Nothing can be done in the past."""
        super().set_live(live)
        self.table.set_can_act(live)
        self.new.setEnabled(live)
        self.steps.setEnabled(live)

    def set_first_steps(self, shown: bool) -> None:
        """Offer the first steps, until the user has something of their own."""
        self.steps.setVisible(shown)

    def add_log_lines(self, lines: tuple[LogLine, ...]) -> None:
        """New lines of the program's log."""
        self.log.add_lines(lines)

    def show_past_log(self, lines: tuple[LogLine, ...] | None) -> None:
        """The log up to a past moment, oldest first; None for now's."""
        self.log.show_past(lines)

    def note_dropped(self, count: int, at: datetime) -> None:
        """The few lines here have no place for it: the Logs page says what never reached the window."""

    def _filter(self) -> None:
        def troubled(row: Shown) -> bool:
            return row.line.troubled

        self.table.rows.show_only("", troubled if self.attention.isChecked() else None)

    def _wire(self) -> None:
        for source in (self.table, self.needs, self.deeds):
            source.command.connect(self.command)
        self.table.held.connect(self.held)
        for card in (self.needs, self.deeds):
            card.review.connect(lambda identity: self.go_to.emit("inbox", identity))
        self.table.wanted.connect(lambda what, name: self.go_to.emit("logs" if what == LOG else "processes", name))
        self.time.moment_wanted.connect(self.moment_wanted)
        self.steps.chosen.connect(self.offer)
        self.new.clicked.connect(lambda: self.offer.emit("add.script"))
        self.attention.toggled.connect(lambda _checked: self._filter())
        for name, tile in self.tiles.items():
            tile.clicked.connect(lambda _checked, tile=name: self.go_to.emit(_BEHIND.get(tile, "processes"), ""))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        for tile in self.tiles.values():
            row.addWidget(tile)
        column.addWidget(self.time)
        column.addWidget(self.steps)
        column.addLayout(row)
        panes = Split("overview", Qt.Orientation.Horizontal)
        column.addWidget(panes.fill((self._main(), 5), (self._side(), 2)), 1)

    def _main(self) -> QWidget:
        card = Card("Processes")
        for chip in (self.all, self.attention):
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            card.add_to_header(chip)
        self.all.setChecked(True)
        self.all.setToolTip("Every process")
        self.attention.setToolTip("Those that failed, stalled or wait for you to look")
        card.add_to_header(self.new)
        card.add(self.table, 1)
        below = Split("overview.charts", Qt.Orientation.Horizontal).fill(*((chart, 1) for chart in self.charts))
        return Split("overview.main", Qt.Orientation.Vertical).fill((card, 9), (below, 4))

    def _side(self) -> QWidget:
        side = Split("overview.side", Qt.Orientation.Vertical)
        side.setMinimumWidth(_LEAST_SIDE)
        return side.fill((self.needs, 32), (self.deeds, 18), (self.log, 9))
