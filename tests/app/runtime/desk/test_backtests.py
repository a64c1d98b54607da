"""Backtests for a page, each in a real process of its own."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PyQt6.QtCore import QObject, pyqtSignal

from app.runtime.desk.backtests import AsksForBacktests, Backtests
from services.core.errors import UserError
from services.trading.backtest.apart import run_apart
from services.trading.backtest.ordered import BacktestDone, BacktestOrder
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.feed import open_feed
from services.trading.results import document
from tests.support.candles import candles_of, save_candles
from tests.support.environments import SECRET, of_children
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

    def hand_over(self, call, text: str) -> None:
        self.handed.emit(call)


@pytest.fixture
def page(qapp) -> Asks:
    return Asks()


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    path = tmp_path / "tested.yaml"
    path.write_text(strategy_text(data="generated"), encoding="utf-8")
    return path


def test_its_result_is_that_of_the_same_backtest_here(qtbot, page, strategy):
    assert isinstance(page, AsksForBacktests)
    backtests = Backtests(page, page.hand_over)
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


def test_what_cannot_be_read_says_what_and_where(qtbot, page, tmp_path):
    kept = Backtests(page, page.hand_over)
    with qtbot.waitSignal(page.told, timeout=60_000):
        page.backtest_wanted.emit(BacktestOrder(str(tmp_path / "none.yaml"), "", None))
    assert kept is not None
    ((done, error),) = page.answers
    assert done is None
    assert "none.yaml" in error


@pytest.mark.parametrize(("changes", "told"), REFUSED_ON_CANDLES)
def test_what_the_command_line_refuses_is_refused_with_the_same_words(tmp_path, changes, told):
    path = tmp_path / "tested.yaml"
    path.write_text(strategy_text(**changes, data="few.csv"), encoding="utf-8")
    save_candles(tmp_path / "few.csv", candles_of([100.0] * 30))
    with pytest.raises(UserError, match=told):
        run_apart(BacktestOrder(str(path), str(tmp_path), None))


def test_one_that_is_called_off_tells_nothing_and_its_process_ends(qtbot, page, strategy):
    backtests = Backtests(page, page.hand_over)
    page.backtest_wanted.emit(BacktestOrder(str(strategy), "", None))
    under_way = backtests._under_way
    assert under_way is not None
    processes = list((under_way.executor._processes or {}).values())
    page.backtest_unwanted.emit()
    with ThreadPoolExecutor(1) as waiting:
        for process in processes:
            waiting.submit(process.join, 60).result()
            assert process.exitcode is not None
    qtbot.waitUntil(lambda: not any(process.is_alive() for process in processes), timeout=10_000)
    assert page.answers == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone shows environments")
def test_its_process_is_given_no_secret(qtbot, page, strategy, monkeypatch):
    monkeypatch.setenv("DREAMSCAPE_TRADING__API_SECRET", SECRET)
    before = set(of_children())
    backtests = Backtests(page, page.hand_over)
    with qtbot.waitSignal(page.told, timeout=60_000):
        page.backtest_wanted.emit(BacktestOrder(str(strategy), "", 2.0))
        begun = {child: env for child, env in of_children().items() if child not in before}
    backtests.call_off()
    assert begun
    assert not any(SECRET.encode() in env for env in begun.values())
