"""Backtests for a page, each in a real process of its own."""

import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace

import pytest
from PyQt6.QtCore import QObject, pyqtSignal

from app.paths import Home
from app.runtime.desk.backtests import AsksForBacktests, Backtests
from app.side_data import side_data_of
from services.core.errors import UserError
from services.core.journal import Journal
from services.core.store import open_store
from services.trading.backtest.apart import run_apart
from services.trading.backtest.ordered import BacktestDone, BacktestOrder
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, read_bars
from services.trading.feed import open_feed
from services.trading.generated import generate
from services.trading.learning.comparisons import sentiment_compared
from services.trading.learning.events import SentimentCompared
from services.trading.results import document
from services.trading.social.events import PostHeard
from services.trading.strategy import load_strategy
from tests.support.approvals import approve
from tests.support.candles import BAR, candles_of, save_candles
from tests.support.environments import SECRET, of_children
from tests.support.manual_clock import ManualClock
from tests.support.strategies import REFUSED_ON_CANDLES, strategy_text, strategy_with


class Asks(QObject):
    """What a page has, without the page."""

    backtest_wanted = pyqtSignal(object)
    backtest_unwanted = pyqtSignal()
    handed = pyqtSignal(object)
    told = pyqtSignal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[float] = []
        self.answers: list[tuple[BacktestDone | None, str]] = []
        self.handed.connect(lambda call: call(""))

    def show_backtest_progress(self, part: float) -> None:
        self.parts.append(part)

    def show_backtest(self, order: BacktestOrder, done: BacktestDone | None, error: str) -> None:
        self.answers.append((done, error))
        self.told.emit(done, error)


LISTENS = {
    "macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "social_alone": True,
    "terms": {
        "level": {"kind": "sentiment", "window": 6, "full": 0.5, "weight": 0.1},
        "mine": {"kind": "plugin", "file": "mine.py", "looks_back": 10},
    },
}  # fmt: skip


def heard(home: Home) -> None:
    """A post in the home's journal."""
    store = open_store(home.store, home.backups, ManualClock().now)
    journal = Journal(store, ManualClock())
    journal.start()
    moment = generate(BAR, 1e-8, 300)[20].time
    journal.append(PostHeard("net", "ann", "1", "ETH up", moment, moment), source="feed").result()
    journal.close()
    store.close()


@pytest.fixture
def page(qapp) -> Asks:
    return Asks()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", "--home").create()


@pytest.fixture
def desk(page, home):
    """With workers as the program has them: threads of a pool."""
    with ThreadPoolExecutor(1) as pool:
        workers = SimpleNamespace(start=lambda _name, work: pool.submit(work))
        kept: list[SentimentCompared] = []
        engine = SimpleNamespace(workers=workers, journal=SimpleNamespace(append=kept.append))
        program = SimpleNamespace(engine=engine, home=home)
        yield SimpleNamespace(program=program, hand_over=lambda call, _text: page.handed.emit(call), kept=kept)


def begun_since(before: list[BaseProcess]) -> list[BaseProcess]:
    return [each for each in active_children() if each not in before]


def answered(qtbot, page, order: BacktestOrder) -> tuple[BacktestDone | None, str]:
    with qtbot.waitSignal(page.told, timeout=60_000) as answer:
        page.backtest_wanted.emit(order)
    return tuple(answer.args)


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    path = tmp_path / "tested.yaml"
    path.write_text(strategy_text(data="generated"), encoding="utf-8")
    return path


def test_its_result_is_that_of_the_same_backtest_here(qtbot, page, desk, strategy):
    assert isinstance(page, AsksForBacktests)
    backtests = Backtests(page, desk)
    with qtbot.waitSignal(page.told, timeout=60_000):
        page.backtest_wanted.emit(BacktestOrder(str(strategy), "", 2.0))
        backtests.beat()
    ((done, error),) = page.answers
    assert error == ""
    assert done is not None
    here = strategy_with(data="generated", capital=2.0)
    feed = open_feed(here, None)
    assert done.told == document(Backtest(here).run(Bars.of(feed.candles), feed.label))
    assert len(done.times) == len(done.equity) == len(done.underwater) == len(feed.candles)
    assert page.parts
    assert 0 <= page.parts[0] <= 1


def test_what_cannot_be_read_says_what_and_where(qtbot, page, desk, tmp_path):
    kept = Backtests(page, desk)
    done, error = answered(qtbot, page, BacktestOrder(str(tmp_path / "none.yaml"), "", None))
    assert kept is not None
    assert done is None
    assert "none.yaml" in error


@pytest.mark.parametrize(("changes", "told"), REFUSED_ON_CANDLES)
def test_what_the_command_line_refuses_is_refused_with_the_same_words(tmp_path, changes, told):
    path = tmp_path / "tested.yaml"
    path.write_text(strategy_text(**changes, data="few.csv"), encoding="utf-8")
    save_candles(tmp_path / "few.csv", candles_of([100.0] * 30))
    with pytest.raises(UserError, match=told):
        run_apart(BacktestOrder(str(path), str(tmp_path), None))


def test_one_that_is_called_off_before_it_began_has_no_process(qtbot, page, desk, strategy):
    backtests = Backtests(page, desk)
    page.backtest_wanted.emit(BacktestOrder(str(strategy), "", None))
    under_way = backtests._under_way
    page.backtest_unwanted.emit()
    desk.program.engine.workers.start(
        "the one behind it", lambda: page.handed.emit(lambda _text: page.told.emit(None, ""))
    )
    with qtbot.waitSignal(page.told, timeout=10_000):
        pass
    assert not under_way.executor._processes
    assert page.answers == []


@pytest.fixture
def listening(tmp_path: Path) -> Path:
    """Its term hears what this home recorded, and another one asks a plug-in."""
    save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 300))
    path = tmp_path / "listening.yaml"
    path.write_text(strategy_text(**LISTENS, data="c.csv"), encoding="utf-8")
    return path


def test_posts_of_the_home_and_plug_ins_are_given_to_its_process(qtbot, page, desk, home, listening):
    kept, order = Backtests(page, desk), BacktestOrder(str(listening), str(listening.parent), None)
    done, error = answered(qtbot, page, order)
    assert done is None
    assert "its terms listen to posts, and this home has recorded none" in error
    heard(home)
    assert "mine.py: cannot be read" in answered(qtbot, page, order)[1]
    approve(home.root, "mine.py")
    done, error = answered(qtbot, page, order)
    assert (kept is not None, error) == (True, "")
    here, bars = load_strategy(listening), read_bars(listening.parent / "c.csv")
    side = side_data_of(home, here, bars, listening.parent)
    assert done.told == document(Backtest(here, side.posts, series=side.series).run(bars, "recorded: c.csv"))
    assert done.told["posts"]["source"] == "recorded: this home's journal"
    assert {"level", "mine"} <= set(done.told["fills"][0]["evidence"])


def test_what_the_terms_of_posts_earn_is_told_to_the_journal(qtbot, page, desk, home, tmp_path):
    kept, terms = Backtests(page, desk), {"level": LISTENS["terms"]["level"]}
    save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 300))
    path = tmp_path / "listening.yaml"
    path.write_text(strategy_text(**LISTENS | {"terms": terms}, data="c.csv"), encoding="utf-8")
    heard(home)
    done, error = answered(qtbot, page, BacktestOrder(str(path), str(tmp_path), None))
    assert (kept is not None, error) == (True, "")
    assert done.told["sentiment"]["without"]["trades"] == 0, "nothing is left to enter by"
    assert desk.kept == [sentiment_compared(done.told)]
    assert (desk.kept[0].strategy, desk.kept[0].bars) == (load_strategy(path).name, 300)


def test_one_that_is_called_off_tells_nothing_and_its_process_ends(qtbot, page, desk, strategy):
    before = active_children()
    backtests = Backtests(page, desk)
    page.backtest_wanted.emit(BacktestOrder(str(strategy), "", None))
    qtbot.waitUntil(lambda: bool(begun_since(before)), timeout=10_000)
    (process,) = begun_since(before)
    page.backtest_unwanted.emit()
    assert backtests._under_way is None
    qtbot.waitUntil(lambda: not process.is_alive(), timeout=60_000)
    assert page.answers == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone shows environments")
def test_its_process_is_given_no_secret(qtbot, page, desk, strategy, monkeypatch):
    monkeypatch.setenv("DREAMSCAPE_TRADING__API_SECRET", SECRET)
    before, known = set(of_children()), active_children()
    backtests = Backtests(page, desk)
    with qtbot.waitSignal(page.told, timeout=60_000):
        page.backtest_wanted.emit(BacktestOrder(str(strategy), "", 2.0))
        qtbot.waitUntil(lambda: bool(begun_since(known)), timeout=10_000)
        begun = {child: env for child, env in of_children().items() if child not in before}
    backtests.call_off()
    assert begun
    assert not any(SECRET.encode() in env for env in begun.values())
