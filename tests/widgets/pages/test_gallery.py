"""Every page of lists inside the whole window, to be looked at beside the drawn targets."""

from datetime import timedelta

from app.cli.config import environment_of
from app.paths import Home
from app.runtime.desk.shown_settings import settings_view
from app.secrets import Status as KeyringStatus
from app.settings import load
from services.core.logs import LogLine
from tests.support.desk_work import busy_morning
from tests.support.manual_clock import START
from widgets.actions import ActionRegistry
from widgets.frame.main_window import MainWindow
from widgets.frame.views import Badge, EnvironmentView, FrameView, HealthView, PageEntry
from widgets.pages.decisions import DecisionsPage
from widgets.pages.inbox import InboxPage
from widgets.pages.logs import LogsPage
from widgets.pages.settings import SettingsPage, SettingsView, StandingRow
from widgets.parts.status import Status


def window_with(qtbot, entry: PageEntry) -> MainWindow:
    window = MainWindow()
    window.use_less_motion(True)
    qtbot.addWidget(window)
    window.fill((entry,), ActionRegistry())
    window.show()
    window.open_dashboard()
    window.resize(1440, 900)
    qtbot.waitExposed(window)
    window.show_frame(
        FrameView(
            health=HealthView(Status.OK, "Healthy"),
            environment=EnvironmentView("DEV · main · paper", "development", "because of the branch"),
            needs_you=4,
            badges={"inbox": Badge(4, Status.WARN)},
            processes=14,
            clock="09:37:25",
        )
    )
    return window


def page_in(window: MainWindow, page_id: str):
    return window.dashboard.pages.page(page_id)


def test_the_inbox(qtbot, picture, theme, desk):
    view = busy_morning(desk).program.engine.view
    window = window_with(qtbot, PageEntry("inbox", "Inbox", "inbox", "", InboxPage))
    page = page_in(window, "inbox")
    page.refresh(view)
    picture(window, f"inbox-{theme}")
    page.select(next(row.id for row in desk.value.waiting if row.kind == "test.mend_file"))
    picture(window, f"inbox-patch-{theme}")
    page.select(next(row.id for row in desk.value.waiting if row.kind == "reply.send"))
    page.pane.card.draft.appendPlainText("Have a look")
    page.pane.card.ask_why()
    picture(window, f"inbox-reply-{theme}")
    window.resize(1100, 700)
    assert picture(window, f"inbox-small-{theme}").stat().st_size > 10_000


def test_the_inbox_with_nothing_in_it(qtbot, picture, theme, desk):
    window = window_with(qtbot, PageEntry("inbox", "Inbox", "inbox", "", InboxPage))
    page_in(window, "inbox").refresh(desk.program.engine.view)
    assert picture(window, f"inbox-empty-{theme}").stat().st_size > 10_000


def test_the_decisions(qtbot, picture, theme, desk):
    view = busy_morning(desk).program.engine.view
    window = window_with(qtbot, PageEntry("decisions", "Decisions", "decisions", "System", DecisionsPage))
    page = page_in(window, "decisions")
    page.refresh(view)
    page.select(next(row.id for row in desk.value.rows if row.by == "rule:patch success floor"))
    picture(window, f"decisions-{theme}")
    page.select(next(row.id for row in desk.value.rows if row.changes))
    assert picture(window, f"decisions-edited-{theme}").stat().st_size > 10_000


SETTINGS = """\
[general]
theme = "dark"
close = "maybe"

[log]
level = "DEBUG"

[engagement]
platfrom = "sandbox"
"""


def settings_of(home: Home, env: dict[str, str]) -> SettingsView:
    home.create()
    home.settings.write_text(SETTINGS)
    loaded = load(home, env)
    sandbox = StandingRow(
        "Sandbox",
        "child process",
        "Foreign code runs in a child of its own with a scrubbed environment and no key; its files are not contained.",
    )
    keyring = KeyringStatus(False, "this system has no keyring; secrets are read from the environment")
    return settings_view(home, loaded, environment_of(loaded, env), keyring, sandbox)


def test_the_settings(qtbot, picture, theme, tmp_path):
    env = {"DREAMSCAPE_LOG__RING": "500", "DREAMSCAPE_TRADING__API_KEY": "0123456789abcdef"}
    view = settings_of(Home(tmp_path / "home", "--home"), env)
    window = window_with(qtbot, PageEntry("settings", "Settings", "settings", "end", SettingsPage))
    page = page_in(window, "settings")
    page.show_settings(view)
    page.select("log.level")
    picture(window, f"settings-{theme}")
    window.resize(1100, 700)
    assert picture(window, f"settings-small-{theme}").stat().st_size > 10_000
    assert "0123456789abcdef" not in str(view)


def log_lines() -> tuple[LogLine, ...]:
    said = (
        ("INFO", "Trend rider · BTC/USDT", "order filled 0.012 BTC at 67,204.50"),
        ("DEBUG", "Sentiment fusion", "41 posts scored, mean +0.34"),
        ("INFO", "Sentiment fusion", "sentiment BTC +0.34 z 1.9"),
        ("WARNING", "Replies · build-in-public", "quota 92 %, slowing to 1 a minute"),
        ("INFO", "Walk-forward sweep", "1,204 of 1,890 backtests"),
        ("INFO", "Walk-forward sweep", "38 similar suppressed: 1,242 of 1,890 backtests"),
    )
    failed = (
        "stream closed by the other side\nTraceback (most recent call last):\n"
        '  File "services/engagement/stream.py", line 88, in read\n    chunk = self.socket.read(4096)\n'
        "ConnectionResetError: [Errno 104] Connection reset by peer"
    )
    lines = []
    for n in range(120):
        level, process, text = said[n % len(said)]
        lines.append(LogLine(START + timedelta(seconds=n), level, process, text, run=f"{process}:3", logger="services"))
        if n in (40, 100):
            at = START + timedelta(seconds=n)
            lines.append(LogLine(at, "ERROR", "Mentions stream", failed, run="c41f", logger="services.engagement"))
    return tuple(lines)


def test_the_logs(qtbot, picture, theme):
    window = window_with(qtbot, PageEntry("logs", "Logs", "logs", "System", LogsPage))
    page = page_in(window, "logs")
    page.add_log_lines(log_lines())
    qtbot.waitUntil(lambda: page.log.following)
    picture(window, f"logs-{theme}")
    page.log.selectRow(41)
    page.log.scrollTo(page.log.log.index(41, 0))
    page.add_log_lines(log_lines()[:7])
    assert picture(window, f"logs-error-{theme}").stat().st_size > 10_000
