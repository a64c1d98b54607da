"""An Overview composed of parts with made-up values, in the whole frame of the window."""

import math
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tests.support.made_up import BOTS, COLUMNS, DONE, FRAME, KPIS, LINES, NEEDS, walk
from widgets.actions import ActionEntry, ActionRegistry
from widgets.frame.main_window import MainWindow
from widgets.frame.views import PageEntry
from widgets.parts.chart import ChartSpec, Legend, LineChart, SeriesSpec, Threshold
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.items import ItemList
from widgets.parts.kpi.tile import KpiTile
from widgets.parts.log import LogModel, LogView
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import EmptyState
from widgets.parts.panels.split import Split
from widgets.parts.status import Status
from widgets.parts.table import RowsModel, Table


def charts() -> tuple[Card, Card]:
    equity = ChartSpec(
        "Equity and sentiment",
        (
            SeriesSpec("equity", "equity", "trading", fill=True),
            SeriesSpec("mood", "sentiment", "engagement", "own"),
        ),
        time_axis=False,
    )
    one = LineChart(equity)
    xs = [1.79e9 + 60 * i for i in range(300)]
    one.replace("equity", xs, [10000 + 60 * value for value in walk(7, 300, 0.012)])
    one.replace("mood", xs, [0.3 + 0.1 * value for value in walk(8, 300, 0.012)])
    left = Card("Equity and sentiment", "24 h ·")
    left.add_to_header(Legend(equity))
    left.add(one, 1)
    success = ChartSpec(
        "Patch success",
        (SeriesSpec("rate", "success", "debugger"),),
        Threshold(60, "floor 60%"),
        limits=(20, 102),
        tick="{:.0f}%".format,
        time_axis=False,
    )
    two = LineChart(success)
    two.replace("rate", list(range(50)), [80 + 12 * math.sin(i / 7) + 4 * math.sin(i) for i in range(50)])
    right = Card("Patch success, last 50", "auto-rollback below the 60% floor")
    right.add(two, 1)
    return left, right


def overview() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    tiles = QHBoxLayout()
    tiles.setSpacing(12)
    for view in KPIS:
        tiles.addWidget(KpiTile(view))
    column.addLayout(tiles)
    column.addWidget(Split("overview", Qt.Orientation.Horizontal).fill((main_part(), 5), (side_part(), 2)), 1)
    return page


def main_part() -> QWidget:
    model = RowsModel(COLUMNS, key=lambda bot: bot.id)
    model.show_rows(BOTS)
    table = Table(model, name="Processes")
    card = Card("Processes")
    card.add_to_header(Chip("All 14", dense=True, pressable=True))
    card.add_to_header(Chip("Attention 2", dense=True, pressable=True))
    card.add_to_header(ActionButton("New process", icon_name="plus", dense=True))
    card.add(table, 1)
    left, right = charts()
    below = Split("overview.charts", Qt.Orientation.Horizontal).fill((left, 1), (right, 1))
    return Split("overview.main", Qt.Orientation.Vertical).fill((card, 9), (below, 4))


def side_part() -> QWidget:
    needs = Card("Needs you", "3")
    needs.show_status(Status.WARN)
    needs_list = ItemList("Needs you")
    needs_list.show_items(NEEDS)
    needs.add(needs_list, 1)
    done = Card("Done without you", "last hour")
    done_list = ItemList("Done without you")
    done_list.show_items(DONE)
    done.add(done_list, 1)
    log = Card("Live log")
    log.add_to_header(Chip("Errors 1", dense=True, pressable=True))
    log.add_to_header(Chip("All", dense=True, pressable=True))
    view = LogView(LogModel(newest_first=True))
    view.show_lines(LINES)
    log.add_padded(view, 1)
    return Split("overview.side", Qt.Orientation.Vertical).fill((needs, 28), (done, 21), (log, 10))


def pages() -> tuple[PageEntry, ...]:
    def nothing() -> QWidget:
        return EmptyState("No patches yet", "Point the debugger at a project to begin.")

    def entry(page_id: str, title: str, group: str = "") -> PageEntry:
        return PageEntry(page_id, title, page_id, group, overview if page_id == "overview" else nothing)

    return (
        entry("overview", "Overview"),
        entry("inbox", "Inbox"),
        *(entry(name.lower(), name, "Services") for name in ("Engagement", "Trading", "Debugger", "Content")),
        *(entry(name.lower(), name, "System") for name in ("Processes", "Advisor", "Decisions", "Logs")),
        entry("settings", "Settings", "end"),
    )


def dressed_window(qtbot: Any) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    actions = ActionRegistry(window)
    actions.add(
        ActionEntry("pause_all", "Pause all", "Pause every process", "Ctrl+Shift+P"),
        ActionEntry("stop_trading", "Stop trading", "End and pause every trading process, until you resume it"),
        ActionEntry("undo", "Undo last decision", shortcut="Ctrl+Z"),
        ActionEntry("approve", "Approve", "Take what waits for you", "A", "Inbox", "inbox"),
    )
    window.fill(pages(), actions)
    window.show_frame(FRAME)
    window.show()
    window.open_dashboard()
    window.resize(1440, 900)
    return window
