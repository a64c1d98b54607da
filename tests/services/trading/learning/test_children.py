"""What goes through a search's combinations: compiled in children of the lowest priority, with the same choice."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.learning import children
from services.trading.learning.evaluating import Compiled, OneByOne
from services.trading.learning.search import Search, Wanted
from services.trading.side_data import SideData
from services.trading.sweep.local import processes
from tests.support.candles import BAR
from tests.support.posts import chatter, posts_of
from tests.support.strategies import strategy_with

pytestmark = pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")
TERMS = {"trend": {"kind": "momentum", "bars": 12}, "level": {"kind": "sentiment", "window": 6, "full": 0.5}}
WANTED = Wanted(("terms.level.window=4,24", "terms.trend.bars=6,30", "enter=0.2,0.4"), windows=2)


@pytest.fixture
def search() -> Search:
    candles = generate(BAR, 1e-8, 900)
    changes = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True}
    posts = SideData(posts_of(chatter(candles, Random(3))))
    return Search.of(strategy_with(data="generated", **changes), WANTED, Bars.of(candles), "generated", posts)


def test_the_kernel_scores_each_combination_as_a_backtest_of_its_window_does(search: Search, compiled: Path) -> None:
    strategies, window = list(search.candidates), range(500, 800)
    with processes(1, search.ground, compiled) as executor:
        if sys.platform != "win32":
            assert executor.submit(os.getpriority, os.PRIO_PROCESS, 0).result() == 19
        told = list(Compiled(executor, 2).evaluate(strategies, search.bars, window))
    for mine, theirs in zip(told, OneByOne(search.side).evaluate(strategies, search.bars, window), strict=True):
        assert mine.trades == theirs.trades
        assert mine.sharpe == pytest.approx(theirs.sharpe, rel=1e-9)
        assert (mine.total_return, mine.profit_factor) == pytest.approx((theirs.total_return, theirs.profit_factor))
    assert len({score.sharpe for score in told}) == len(strategies) == 8


def test_a_long_search_runs_compiled_and_finds_what_a_short_one_finds_here(
    search: Search, compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with children.evaluator(search, compiled) as here:
        slow = search.run(here, tmp_path / "slow.db", lambda count: None)
    monkeypatch.setattr(children, "SMALL", 0)
    with children.evaluator(search, compiled, workers=1) as there:
        fast = search.run(there, tmp_path / "fast.db", lambda count: None)
    assert (slow.pop("engine"), fast.pop("engine")) == ("incremental", "kernel")
    spreads = [each["trials"].pop("sharpe_spread") for each in (slow, fast)]
    luck = [each["out_of_sample"].pop("deflated_sharpe") for each in (slow, fast)]
    assert fast == slow
    assert (spreads[0], luck[0]) == pytest.approx((spreads[1], luck[1]), rel=1e-6)
