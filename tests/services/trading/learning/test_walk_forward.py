"""A walk forward: what is chosen where, warmed how, and put together to what."""

from dataclasses import replace
from math import inf, prod

import pytest

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.fills import Side
from services.trading.generated import generate
from services.trading.learning.evaluating import OneByOne, Score, best_of
from services.trading.learning.grid import Candidates
from services.trading.learning.splits import Plan, Split, splits_of
from services.trading.learning.walk_forward import Walk, WalkForward
from services.trading.learning.window_run import AT_THE_EDGE, run_window
from services.trading.sweep.grid import grid_of
from tests.support.candles import BAR
from tests.support.strategies import strategy_with

STRATEGY = strategy_with(data="generated")
GRID = Candidates.of(grid_of(STRATEGY, ["macd.fast=6,12", "macd.slow=20,30"]))


@pytest.fixture(scope="module")
def bars() -> Bars:
    return Bars.of(generate(BAR, 1e-8, 1500))


@pytest.fixture(scope="module")
def splits(bars: Bars) -> tuple[Split, ...]:
    return splits_of(len(bars), Plan(windows=3, embargo=35))


@pytest.fixture(scope="module")
def walk(bars: Bars, splits: tuple[Split, ...]) -> WalkForward:
    return Walk(STRATEGY, GRID, bars, OneByOne()).run(splits)


def test_a_window_is_warm_from_its_first_bar_and_trades_nowhere_else(bars: Bars) -> None:
    whole = Backtest(STRATEGY).run(bars, "whole")
    window = range(800, 1000)
    run = run_window(STRATEGY, bars, window)
    assert run.curve.times == bars.times[800:1000]
    inside = [fill for fill in whole.fills if fill.bar in window]
    first = next(place for place, fill in enumerate(inside) if fill.side is Side.BUY)
    assert [(fill.bar + 800, fill.side, fill.price) for fill in run.fills if fill.because != AT_THE_EDGE] == [
        (fill.bar, fill.side, fill.price) for fill in inside[first:]
    ]


def test_a_window_begins_and_ends_flat_and_pays_for_it(bars: Bars) -> None:
    whole = Backtest(STRATEGY).run(bars, "whole")
    bought = next(fill.bar for fill in whole.fills if fill.side is Side.BUY and fill.bar > 500)
    run = run_window(STRATEGY, bars, range(bought - 3, bought + 2))
    entry, left = run.fills
    close = bars.closes[bought + 1]
    assert (left.bar, left.because, left.position) == (4, AT_THE_EDGE, 0.0)
    assert left.price == pytest.approx(close - 1e-8, rel=1e-12)
    assert run.curve.final == pytest.approx(STRATEGY.capital + entry.cash + left.cash, rel=1e-12)
    assert run.statistics().trades == 1


def test_a_short_is_bought_back_at_the_edge(bars: Bars) -> None:
    terms = {"trend": {"kind": "momentum", "bars": 5, "window": 20}}
    shorts = {"market": {"kind": "perpetual"}, "short": {}, "macd": None, "entry": None, "exit": -0.1, "enter": 0.3}
    strategy = strategy_with(data="generated", terms=terms, **shorts)
    fills = Backtest(strategy).run(bars, "whole").fills
    sold = next(fill.bar for fill in fills if fill.position < 0 and fill.bar > 500)
    run = run_window(strategy, bars, range(sold - 1, sold + 1))
    entry, left = run.fills
    assert (entry.side, left.side, left.because, left.position) == (Side.SELL, Side.BUY, AT_THE_EDGE, 0.0)
    assert left.price == pytest.approx(bars.closes[sold] + 1e-8, rel=1e-12)
    assert run.curve.final == pytest.approx(strategy.capital + entry.cash + left.cash, rel=1e-12)


def test_nothing_after_its_training_changes_what_is_chosen(bars: Bars, splits: tuple[Split, ...]) -> None:
    """The truncation test of the walk: other bars from a window's embargo on, the same choice for it."""
    chosen = Walk(STRATEGY, GRID, bars, OneByOne()).run(splits).windows
    for split, window in zip(splits, chosen, strict=True):
        kept = bars.part(0, split.train.stop)
        others = [replace(each, volume=each.volume + 1) for each in bars.part(split.train.stop, len(bars)).candles()]
        upset = [replace(each, open=each.high, close=each.low) for each in others]
        again = Walk(STRATEGY, GRID, Bars.of([*kept.candles(), *upset]), OneByOne()).run([split]).windows[0]
        assert again.parameters == window.parameters
        assert again.in_sample == window.in_sample


def test_it_takes_the_best_of_each_training(bars: Bars, walk: WalkForward) -> None:
    for window in walk.windows:
        scores = list(OneByOne().evaluate(GRID, bars, window.split.train))
        best = max(scores, key=lambda score: score.sharpe or -1e9)
        assert window.parameters == GRID.candidate(scores.index(best)).parameters
        assert window.in_sample.sharpe.value == best.sharpe


def test_the_windows_put_together_compound_and_hold_test_bars_alone(bars: Bars, walk: WalkForward) -> None:
    tests = [at for window in walk.windows for at in window.split.test]
    assert list(walk.curve.times) == [bars.times[at] for at in tests]
    grown = prod(1 + (window.out_of_sample.total_return.value or 0.0) for window in walk.windows)
    assert walk.curve.final / walk.curve.capital == pytest.approx(grown, rel=1e-12)
    assert walk.statistics().trades == sum(window.out_of_sample.trades for window in walk.windows)
    assert len(walk.champion.equity) == len(walk.curve.equity)


def test_each_combination_is_one_trial_however_many_windows_there_are(bars: Bars, walk: WalkForward) -> None:
    assert len({trial.combination for trial in walk.trials}) == len(walk.trials) == 4
    assert {trial.data for trial in walk.trials} == {bars.digest}


def test_where_no_figure_exists_anything_else_is_better_and_the_first_of_equals_is_taken() -> None:
    def score(sharpe: float | None) -> Score:
        return Score(sharpe, 0.0, None, None, 0)

    assert best_of([score(None), score(-3.0), score(-3.0)], "sharpe") == 1
    assert best_of([score(None), score(None)], "sharpe") == 0


@pytest.mark.parametrize(
    ("sharpes", "chosen"),
    [
        ((1.0, 1.0 + 1e-12, 0.5), 0),
        ((1.0, 1.0 + 1e-6, 0.5), 1),
        ((None, -2.0, -2.0 + 1e-12), 1),
        ((None, None), 0),
        ((1.0, inf, inf), 1),
    ],
)
def test_of_those_that_differ_by_rounding_alone_the_first_is_chosen(
    sharpes: tuple[float | None, ...], chosen: int
) -> None:
    assert best_of([Score(each, 0.0, None, None, 1) for each in sharpes], "sharpe") == chosen
