"""Made-up values for pictures of parts: nothing of it is shipped, and nothing of it is so."""

import random
from dataclasses import dataclass

from widgets.frame.views import Badge, EnvironmentView, FrameView, HealthView
from widgets.parts.items import ItemView
from widgets.parts.kpi.tile import KpiView
from widgets.parts.log import LogLine
from widgets.parts.panels.empty_state import Offer
from widgets.parts.status import Status
from widgets.parts.table import Cell, CellAction, Column


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
        "Failures, last hour",
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
