"""Every part and the whole frame, rendered from made-up values to be looked at beside the drawn targets.

The pictures go where DREAMSCAPE_GALLERY says. Nothing here is shipped: the composition stands in the
tests alone.
"""

import math
import random
from dataclasses import dataclass

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from resources.icons import icon_names
from widgets.actions import ActionEntry, ActionRegistry
from widgets.frame.main_window import MainWindow
from widgets.frame.splash_page import SplashPage
from widgets.frame.views import (
    Badge,
    EnvironmentView,
    FailureView,
    FrameView,
    HealthView,
    PageEntry,
    StepView,
)
from widgets.parts.action_button import ActionButton
from widgets.parts.card import Card
from widgets.parts.chart import ChartSpec, Legend, LineChart, SeriesSpec, Threshold
from widgets.parts.chip import Chip
from widgets.parts.empty_state import EmptyState, Offer
from widgets.parts.error_state import ErrorState, ErrorView
from widgets.parts.facts import Fact, Facts
from widgets.parts.items import ItemList, ItemView
from widgets.parts.kpi_tile import KpiTile, KpiView
from widgets.parts.log import LogLine, LogModel, LogView
from widgets.parts.split import Split
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.table import Cell, CellAction, Column, RowsModel, Table
from widgets.parts.toast import ToastView
from widgets.theme import icon, use_theme


def walk(seed: int, count: int, drift: float = 0.02) -> tuple[float, ...]:
    chance, value, values = random.Random(seed), 0.0, []
    for _ in range(count):
        value += chance.gauss(drift, 0.12)
        values.append(value)
    return tuple(values)


@dataclass(frozen=True)
class Bot:
    id: str
    name: str
    service: str
    status: Status
    state: str
    doing: str
    progress: float | None
    restarts: int


BOTS = (
    Bot("trend", "Trend rider · BTC/USDT", "trading", Status.OK, "Running", "MACD curl, 1m", 0.64, 0),
    Bot("fusion", "Sentiment fusion", "trading", Status.OK, "Running", "ingesting 41 posts/min", None, 0),
    Bot("sweep", "Walk-forward sweep", "trading", Status.OK, "Running", "1,204 of 1,890 backtests", 0.64, 0),
    Bot(
        "replies",
        "Replies · build-in-public",
        "engagement",
        Status.WARN,
        "Throttled",
        "quota, 09:47",
        0.38,
        0,
    ),
    Bot("suggest", "Follow suggestions", "engagement", Status.IDLE, "Paused", "by you, 09:31", None, 0),
    Bot("watch", "Patch watch · billing-api", "debugger", Status.OK, "Repairing", "candidate 7 of 24", 0.29, 1),
    Bot("scan", "Project scan", "debugger", Status.IDLE, "Idle", "next 10:00, or on change", 1.0, 0),
    Bot("devlog", "Devlog daemon", "content", Status.OK, "Running", "2 drafts ready", None, 0),
    Bot("stream", "Mentions stream", "engagement", Status.BAD, "Restarting", "attempt 3 of 5", None, 3),
)


def actions_of(bot: Bot) -> Cell:
    paused = bot.state == "Paused"
    first = CellAction("resume", "Resume", "play") if paused else CellAction("pause", "", "pause", "Pause")
    return Cell(actions=(first, CellAction("more", "", "more", "More")))


def progress_of(bot: Bot) -> Cell:
    if bot.progress is None:
        return Cell("—", "tx2")
    return Cell(f"{bot.progress:.0%}", progress=bot.progress, progress_role=bot.service)


COLUMNS = (
    Column[Bot]("name", "Name", lambda bot: Cell(bot.name, status=bot.status), 184),
    Column[Bot]("service", "Service", lambda bot: Cell(bot.service.capitalize(), bot.service), 94),
    Column[Bot]("state", "State", lambda bot: Cell(bot.state), 80),
    Column[Bot]("doing", "Doing now", lambda bot: Cell(bot.doing, "tx1"), 100, stretch=True),
    Column[Bot]("progress", "Progress", progress_of, 130),
    Column[Bot](
        "restarts",
        "Restarts",
        lambda bot: Cell(str(bot.restarts), "bad" if bot.restarts else "tx2"),
        66,
        align="right",
    ),
    Column[Bot]("act", "", actions_of, 122),
)


def tile(label, value, unit="", change="", direction="", sense="", note="", *, seed, role, **more) -> KpiView:
    course = walk(seed, 30)
    return KpiView(label, label, value, unit, change, direction, sense, note, course, role=role, **more)


KPIS = (
    KpiView(
        "pnl",
        "Paper P&L today",
        "+1.84",
        "%",
        "0.31",
        "up",
        "good",
        "vs. buy & hold",
        walk(1, 30),
        None,
        "ok",
    ),
    KpiView(
        "rate",
        "Engagement rate",
        "4.7",
        "%",
        "0.6",
        "up",
        "good",
        "· 312 actions",
        walk(2, 30),
        None,
        "engagement",
    ),
    KpiView(
        "patch",
        "Patch success",
        "86",
        "%",
        "",
        "",
        "",
        "floor 60% · n = 22",
        walk(3, 30, -0.05),
        -1.5,
        "debugger",
    ),
    KpiView("mood", "Social sentiment", "+0.34", "", "rising,", "", "good", "z 1.9", walk(4, 30), None, "trading"),
    KpiView(
        "tasks",
        "Tasks done",
        "1,207",
        "",
        "",
        "",
        "",
        "of 1,331 · on time 99.1%",
        walk(5, 30),
        None,
        "content",
    ),
    KpiView(
        "errors",
        "Errors, last hour",
        "3",
        "",
        "2",
        "up",
        "bad",
        "· 1 healed, 1 open",
        walk(6, 30),
        None,
        "bad",
        "age 48 s",
    ),
)

NEEDS = (
    ItemView(
        "patch",
        "Patch ready: off-by-one in paging",
        "billing-api · +1 −1 · 214 pass · score 0.91",
        "debugger",
        offers=(Offer("approve", "Approve", "approve"), Offer("review", "Review")),
    ),
    ItemView(
        "reply",
        "Reply drafted to a new follower",
        "sentiment +0.6 · asks how the API is paged",
        "engagement",
        offers=(Offer("approve", "Send", "approve"), Offer("edit", "Edit")),
    ),
    ItemView(
        "limit",
        "Live trading asks for a new limit",
        "daily loss cap reached 82% of 2%",
        "trading",
        offers=(Offer("approve", "Keep 2%", "approve"), Offer("change", "Change")),
    ),
)
UNDO = (Offer("undo", "Undo", "link"),)
DONE = (
    ItemView("41", "Rolled back patch #41: success fell to 54% of 13, floor 60%", when="09:38", offers=UNDO),
    ItemView("42", "Restarted Mentions stream after 3 missed heartbeats", when="09:31", offers=UNDO),
    ItemView("43", "Moved 12% of hashtag weight from #buildinpublic to #pyqt", when="09:12", offers=UNDO),
    ItemView("44", "Escalated parser.py to the large model: 2 small-model misses", when="08:57", offers=UNDO),
)
LINES = (
    LogLine("09:42:11", "ERROR", "mentions", "ConnectionReset: stream closed by peer, attempt 3"),
    LogLine("09:42:13", "WARNING", "engage", "quota 92%, slowing to 1 request in 20 s"),
    LogLine("09:42:15", "INFO", "fusion", "sentiment BTC +0.34 z=1.9"),
    LogLine("09:42:16", "INFO", "trading", "order filled 0.012 BTC @ 67,412.5"),
)
FRAME = FrameView(
    health=HealthView(Status.OK, "Healthy"),
    environment=EnvironmentView(
        "DEV · main · paper", "development", "because branch main is not a release and no CI variable is set"
    ),
    needs_you=3,
    badges={
        "inbox": Badge(3, Status.WARN),
        "debugger": Badge(1, Status.BAD),
        "processes": Badge(14),
        "advisor": Badge(4),
    },
    processes=14,
    events_per_second=1842,
    frame_p99_ms=9,
    journal_lag_ms=4,
    log_level="INFO",
    log_level_by="auto",
    clock="09:42:17",
)


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


def dressed_window(qtbot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    actions = ActionRegistry(window)
    actions.add(
        ActionEntry("pause_all", "Pause all", "Pause every process", "Ctrl+Shift+P"),
        ActionEntry("stop_trading", "Stop trading", "Cancel orders and stop every trader"),
        ActionEntry("undo", "Undo last decision", shortcut="Ctrl+Z"),
        ActionEntry("approve", "Approve", "Take what waits for you", "A", "Inbox", "inbox"),
    )
    window.fill(pages(), actions)
    window.show_frame(FRAME)
    window.show()
    window.open_dashboard()
    window.resize(1440, 900)
    return window


@pytest.fixture(params=["dark", "light"])
def theme(request, qapp, dark) -> str:
    use_theme(qapp, request.param)
    return request.param


def test_the_splash_tells_the_start(qtbot, picture, theme):
    splash = SplashPage()
    qtbot.addWidget(splash)
    splash.show_subtitle("development · main · paper trading")
    steps = (
        StepView("Settings", "done", "3 sources, 0 mistakes", 0.012),
        StepView("Journal", "done", "1.2 M events, 0 unsettled", 0.031),
        StepView("Reconciled", "done", "1 order asked, 1 filled", 0.084),
        StepView("Processes", "done", "14 restored, 1 stays paused", 0.009),
        StepView("Feeds", "running", "2 of 3 connected"),
        StepView("Window"),
    )
    splash.show_steps(steps)
    splash.resize(splash.sizeHint())
    splash.show()
    picture(splash, f"splash-{theme}")
    failed = (*steps[:1], StepView("Journal", "failed", "locked by process 4711", 2.04), *steps[5:])
    splash.show_steps(failed)
    splash.show_failure(
        FailureView(
            "The journal could not be opened",
            "Another Dreamscape (process 4711) holds the lock of this home.",
            "Close the other one, or start this one with another --home.",
            offers=(Offer("again", "Try again", "primary"), Offer("quit", "Quit")),
        )
    )
    splash.resize(splash.sizeHint())
    assert picture(splash, f"splash-failed-{theme}").stat().st_size > 1000


def test_the_overview_is_composed_of_parts(qtbot, picture, theme):
    window = dressed_window(qtbot)
    window.show_toast(ToastView("p", "Paused Trend rider", "Undo"))
    assert picture(window, f"overview-{theme}").stat().st_size > 10_000
    window.resize(1100, 700)
    picture(window, f"overview-small-{theme}")
    window.resize(1440, 900)
    window.dashboard.palette_panel.open()
    qtbot.keyClicks(window.dashboard.palette_panel.field, "go")
    picture(window, f"palette-{theme}")
    window.dashboard.palette_panel.close_panel()
    window.dashboard.key_help.open()
    picture(window, f"keys-{theme}")


def test_live_trading_cannot_be_overlooked(qtbot, picture, theme):
    window = dressed_window(qtbot)
    window.show_frame(
        FrameView(
            health=HealthView(Status.BAD, "1 failed"),
            environment=EnvironmentView("PROD · v1.2 · LIVE", "production", "because of the tag v1.2", live=True),
            banner="Live trading: orders are placed with real money",
            banner_status=Status.BAD,
            all_paused=True,
        )
    )
    window.go_to("debugger")
    picture(window, f"live-{theme}")
    assert window.dashboard.banner.isVisible()


def test_every_part_alone(qtbot, picture, theme):
    board = QWidget()
    board.setObjectName("window")
    qtbot.addWidget(board)
    grid = QGridLayout(board)
    grid.setSpacing(16)
    dots = QWidget()
    row = QHBoxLayout(dots)
    for status in Status:
        row.addWidget(StatusDot(status))
        row.addWidget(Chip(status.word.capitalize(), status))
    grid.addWidget(dots, 0, 0)
    buttons = QWidget()
    row = QHBoxLayout(buttons)
    for variant in ("plain", "primary", "approve", "danger", "link", "quiet"):
        row.addWidget(ActionButton(variant.capitalize(), variant))
    working, done, failed = ActionButton("Deploy"), ActionButton("Deploy"), ActionButton("Deploy", "danger")
    working.show_working()
    done.show_done()
    failed.show_failed()
    for button in (working, done, failed):
        row.addWidget(button)
    grid.addWidget(buttons, 0, 1)
    card = Card("Why this patch")
    facts = Facts("Why this patch")
    facts.show_facts(
        (
            Fact("Quality score", "0.91"),
            Fact("Regressions", "0 of 211", role="ok"),
            Fact("MACD", "0.62", 0.62),
        )
    )
    card.add_padded(facts)
    card.add_stretch()
    grid.addWidget(card, 1, 0)
    empty = Card("Campaigns")
    empty.add(
        EmptyState(
            "No campaign yet",
            "A campaign posts and answers for you.",
            (Offer("n", "New campaign", "primary"),),
        )
    )
    grid.addWidget(empty, 1, 1)
    grid.addWidget(
        ErrorState(ErrorView("The feed is silent", "kraken: HTTP 503 since 09:41", "It is asked again in 20 s.")),
        2,
        0,
    )
    icons = QWidget()
    row = QHBoxLayout(icons)
    row.setSpacing(2)
    for name in icon_names():
        button = ActionButton("", "quiet", icon_name=name, dense=True)
        button.setIcon(icon(name, "tx0"))
        row.addWidget(button)
    grid.addWidget(icons, 3, 0, 1, 2)
    board.show()
    picture(board, f"parts-{theme}")
