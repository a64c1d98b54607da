from pathlib import Path

import pytest

from app.paths import Home
from app.wiring.own_files.files import DEFAULTS
from app.wiring.plans.kinds import path_of
from app.wiring.plans.resting_on_files import resting
from services.core.process import Process
from services.orchestrator.definitions.plan import Plan
from services.trading.live.trader import LiveTrader
from services.trading.paper.process import ReplayTrader


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    (made.strategies / "trading").mkdir(parents=True)
    (made.strategies / "trading" / "mine.yaml").write_text("name: mine\n", encoding="utf-8")
    return made


def file_of(given: str, home: Home, kind: type[Process] = LiveTrader) -> Path:
    plan = Plan(name="bot", path=path_of(kind), service="trading", parameters={"strategy": given})
    return Path(str(resting(plan, home, None).parameters["strategy"]))


@pytest.mark.parametrize("kind", [LiveTrader, ReplayTrader])
@pytest.mark.parametrize("given", ["mine", "mine.yaml", "trading/mine.yaml", "strategies/trading/mine.yaml"])
def test_a_strategy_is_named_by_where_it_lies_in_the_home(given: str, kind: type[Process], home: Home) -> None:
    assert file_of(given, home, kind) == home.strategies / "trading" / "mine.yaml"


def test_a_strategy_that_comes_with_dreamscape_is_named_so_too(home: Home) -> None:
    assert file_of("macd-eth-btc", home) == DEFAULTS / "trading" / "macd-eth-btc.yaml"


def test_a_name_that_nothing_bears_is_looked_for_in_the_home_and_the_mistake_says_where(home: Home) -> None:
    assert file_of("minne.yaml", home) == home.strategies / "trading" / "minne.yaml"


def test_a_whole_path_is_taken_as_it_is(home: Home, tmp_path: Path) -> None:
    assert file_of(str(tmp_path / "elsewhere.yaml"), home) == tmp_path / "elsewhere.yaml"


def test_the_last_good_version_of_a_file_that_is_named_so_is_what_runs(home: Home) -> None:
    taken = home.taken / "strategies" / "trading" / "mine.yaml"
    taken.parent.mkdir(parents=True)
    taken.write_text("name: mine\n", encoding="utf-8")
    assert file_of("mine.yaml", home) == taken
