"""The whole way to a promotion, on markets of which it is known whether there is anything to find.

Pure noise, of one volatility or of changing ones, is promoted in at most 5 of 100 cases, a planted edge in at least 80.
The ordinary suite goes through a few seeds; DREAMSCAPE_SEEDS=200 gives the measured rates. The rules were made on the
seeds below 200; those that are measured begin with 1000.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from services.trading.learning.evaluating import OneByOne
from services.trading.learning.families import family_of
from services.trading.learning.grid import axes_of, candidates_of
from services.trading.learning.promotion import Proven
from services.trading.learning.shadow import Shadow, ShadowState
from services.trading.learning.splits import Plan, splits_of
from services.trading.learning.trials import TrialLedger
from services.trading.learning.walk_forward import Walk
from services.trading.statistics import returns_of
from services.trading.statistics.deflated import Shape
from services.trading.statistics.moments import Moments, deflated_record
from tests.support.markets import market
from tests.support.strategies import strategy_with

SEARCHED, FORWARD = 4000, 8000
"""Bars that parameters are chosen on, and bars after those."""
CHAMPION = strategy_with(
    timeframe="1h",
    data="generated",
    macd={"fast": 3, "slow": 6, "signal": 3},
    market={"tick": 0.0001, "step": 0.0001, "min_notional": 0.01},
    sizing={"percent": 100.0},
    capital=1000.0,
    fee={"percent": 0.02},
)
GRID = axes_of(["macd.fast=8,20", "macd.slow=40,60", "macd.signal=9"])
SEEDS = int(os.environ.get("DREAMSCAPE_SEEDS", "0"))
FIRST = 1000
NOISE, EDGE = 0.0, 0.001
"""The drift of a bar, of which chance alone moves 0.002."""


def promoted(seed: int, trend: float, folder: Path, clustered: bool = False) -> bool:
    """Search, walk forward, count the trials, run in the shadow: whether the challenger may be promoted."""
    bars = market(seed, SEARCHED + FORWARD, trend, clustered)
    past = bars.part(0, SEARCHED)
    splits = splits_of(SEARCHED, Plan(windows=4, embargo=60))
    walk = Walk(CHAMPION, candidates_of(CHAMPION, GRID).chosen, past, OneByOne()).run(splits)
    ledger = TrialLedger(folder / f"trials-{seed}-{clustered}.db")
    ledger.record(CHAMPION.market.symbol, family_of(CHAMPION), walk.trials)
    trials = ledger.counted(CHAMPION.market.symbol, family_of(CHAMPION))
    windows = Moments.of(Shape.of(returns_of(walk.curve)))
    challenger = walk.challenger.strategy
    shadow = Shadow(CHAMPION, challenger, ShadowState.begun("proof", CHAMPION, challenger))
    for candle in past.part(SEARCHED - 1500, SEARCHED).candles():
        shadow.warm(candle)
    for candle in bars.part(SEARCHED, len(bars)).candles():
        shadow.take(candle)
        if shadow.due():
            record = windows.together(shadow.state.returned)
            deflated = deflated_record(record, CHAMPION.bar, trials).value
            if not shadow.looked(Proven(len(walk.windows), deflated, trials.count)):
                return True
    return False


def rate(seeds: int, trend: float, folder: Path, told: Callable[[str], None], clustered: bool = False) -> float:
    found = sum(promoted(FIRST + number, trend, folder, clustered) for number in range(seeds))
    told(f"{found} of {seeds} promoted at a drift of {trend:g}{', volatility in clusters' if clustered else ''}")
    return found / seeds


def test_noise_is_hardly_ever_promoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        assert rate(SEEDS or 3, NOISE, tmp_path, print if SEEDS else str) <= 0.05


def test_noise_whose_volatility_comes_in_clusters_is_not_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        assert rate(SEEDS or 2, NOISE, tmp_path, print if SEEDS else str, clustered=True) <= 0.05


def test_a_planted_edge_nearly_always_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        assert rate(SEEDS or 3, EDGE, tmp_path, print if SEEDS else str) >= (0.8 if SEEDS else 2 / 3)
