"""Pages are driven over the engine of a household that has lived for more than half an hour."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest

from app.cli.config import environment_of
from app.paths import Home
from app.runtime.desk.shown_settings import settings_view
from app.secrets import Status as KeyringStatus
from app.settings import load
from services.core.logs import LogLine
from services.core.projections.views import View
from services.core.rules.events import RuleRead
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue, SubjectRow
from services.core.rules.states import AlertState
from tests.support.desk_work import Desk, ask_patch, busy_morning, desk_in
from tests.support.hour import Household
from tests.support.manual_clock import START
from tests.support.pages import Moment
from tests.support.whole_window import WholeWindow
from widgets.actions import ActionRegistry
from widgets.frame.main_window import MainWindow
from widgets.frame.views import EnvironmentView, FrameView, HealthView, PageEntry
from widgets.pages.settings import SettingsView, StandingRow
from widgets.parts.status import Status


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A real engine with an empty ledger."""
    made = desk_in(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def morning(tmp_path_factory) -> Iterator[Desk]:
    """One busy morning for all tests that only read it."""
    made = busy_morning(desk_in(tmp_path_factory.mktemp("morning")))
    yield made
    made.close()


@pytest.fixture(scope="session")
def decided(tmp_path_factory) -> View:
    """What is known after a busy morning on which one patch more waits."""
    made = busy_morning(desk_in(tmp_path_factory.mktemp("decided")))
    ask_patch(made, 43)
    view = made.program.engine.view
    made.close()
    return view


@pytest.fixture(scope="session")
def household(tmp_path_factory) -> Iterator[Household]:
    """One life for all tests of pages; what they tell it is obeyed, so each looks at what it needs itself."""
    lived = Household(tmp_path_factory.mktemp("household"))
    lived.open()
    for _moment in islice(lived.moments(), 7):
        pass
    yield lived
    lived.close()


@pytest.fixture
def lines(household) -> tuple[LogLine, ...]:
    now = household.program.clock.now()
    said = (
        ("INFO", "macd-eth-btc", "order filled 14.2 ETH @ 0.06972 (paper)"),
        ("INFO", "build-in-public", "posted: Small step, good feeling"),
        ("WARNING", "build-in-public", "cap of 8 a day reached, resumes 07:00"),
        ("ERROR", "mentions-stream", "ConnectionResetError: stream closed by peer"),
        ("INFO", "billing-api", "200 tests in 12.0 s, 14 failing"),
    )
    return tuple(LogLine(now, level, process, text) for level, process, text in said)


@pytest.fixture
def framed(qtbot):
    """A page in the frame of the window, as large as the drawn targets."""

    def make(page_id: str, page) -> MainWindow:
        window = MainWindow()
        qtbot.addWidget(window)
        entry = PageEntry(page_id, page_id.capitalize(), page_id, "", lambda: page)
        window.fill((entry,), ActionRegistry(window))
        window.show_frame(
            FrameView(
                health=HealthView(Status.OK, "Healthy"),
                environment=EnvironmentView("DEV · main · paper", "development", "because no CI variable is set"),
            )
        )
        window.show()
        window.open_dashboard()
        window.resize(1440, 900)
        return window

    return make


@pytest.fixture
def settings(tmp_path) -> SettingsView:
    home = Home(tmp_path / "a folder with quite a long name" / "home", "--home")
    home.create()
    home.settings.write_text('[general]\nclose = "maybe"\n\n[engagement]\nplatfrom = "sandbox"\n')
    loaded = load(home, {"DREAMSCAPE_LOG__RING": "500"})
    keyring = KeyringStatus(False, "this system has no keyring; secrets are read from the environment")
    sandbox = StandingRow("Plug-ins and scripts", "child process", "They run in processes of their own.")
    return settings_view(home, loaded, environment_of(loaded, {}), keyring, sandbox)


def watched(at: datetime) -> RulesValue:
    """A stop that a strategy has run into, and a rule that nothing has come near."""
    stop = RuleRead(
        "a drawdown stop with a long name",
        "trading.drawdown",
        "trader",
        "over 10 % for 5 min",
        ["pause each", "alert"],
        "strategies/rules/drawdown.yaml",
        latched=True,
    )
    floor = RuleRead("patch success floor", "debugger.patch.success", "", "under 80 %", ["stop auto-apply"], "p.yaml")
    fell = "drawdown 12.4 % over 10 % for 5 min, with 312 samples; the mean of the hour before was 3.1 %"
    fired = SubjectRow(stop.rule, "macd-eth-btc", AlertState.FIRING, at, fell, latched=True, actions=("pause each",))
    return RulesValue((RuleRow(stop, (fired,)), RuleRow(floor)))


@pytest.fixture
def whole_window(qtbot, household, decided, lines, settings) -> Callable[[], WholeWindow]:
    """The window with all its pages over what has been lived, as often as it is wanted."""
    lived = household.program.engine.view
    told = Moment({RuleStandings: watched(START)}, START)
    views = {
        "overview": lived,
        "processes": lived,
        "trading": lived,
        "rules": told,
        "inbox": decided,
        "decisions": decided,
    }

    def make() -> WholeWindow:
        made = WholeWindow(views, lines, settings)
        qtbot.addWidget(made.window)
        return made

    return make


@pytest.fixture
def whole(whole_window) -> WholeWindow:
    return whole_window()
