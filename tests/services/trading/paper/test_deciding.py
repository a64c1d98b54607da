"""What a replay decides at each bar: as a backtest does wherever it begins, and no entry over a gap."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from services.trading.candles import Candle
from services.trading.events import Filled, OrderDeclined
from services.trading.feed import open_feed
from services.trading.fills import Side
from services.trading.generated import generate
from services.trading.scoring.history import loaded_bars
from services.trading.scoring.scorer import Scorer
from services.trading.strategy import Strategy
from tests.support.candles import BAR
from tests.support.host import told
from tests.support.replays import COUNT, host_at, save, trader
from tests.support.strategies import strategy_text, strategy_with

WEIGHED = {
    "cross": {"kind": "macd_cross", "fast": 5, "slow": 13, "signal": 4, "lasts": 4},
    "curl": {"kind": "macd_curl", "fast": 5, "slow": 13, "signal": 4, "window": 20},
    "volume": {"kind": "volume", "window": 20, "of": "log"},
    "trend": {"kind": "momentum", "bars": 8, "window": 20},
}


def decisions(strategy: Strategy, candles: tuple[Candle, ...], start: int) -> list[tuple[Side | None, Side | None]]:
    """What flat and holding bots would do at each bar from ``start`` on, warmed as a restart warms."""
    rule, found = Scorer(strategy), []
    for index, candle in enumerate(candles):
        rule.update(candle)
        if index >= start:
            found.append((Side.BUY if rule.enters else None, Side.SELL if rule.leaves else None))
    return found


def first_entry(candles: tuple[Candle, ...]) -> int:
    return next(index for index, (flat, _) in enumerate(decisions(strategy_with(), candles, 0)) if flat)


@pytest.mark.parametrize("fill", ["next_open", "close"])
def test_a_signal_on_the_last_bar_is_not_filled(tmp_path: Path, fill: str) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", fill=fill))
    candles = generate(BAR, 1e-8, COUNT)
    index = first_entry(candles)
    save(tmp_path, candles[: index + 1])
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    assert not told(host, Filled)
    save(tmp_path, candles[: index + 2])
    host.run(trader(tmp_path), "bot")
    assert len(told(host, Filled)) == 1


def test_started_live_at_300_random_bars_it_finds_the_backtests_decisions() -> None:
    """Warmed by as many bars as are loaded, 20 times the longest span, and not one more."""
    sized = {"sizing": {"percent": None, "volatility": {"percent": 1, "over": "1h", "window": 15}}}
    market = {"market": {"kind": "perpetual"}, "short": {}}
    strategy = strategy_with(macd=None, entry=None, exit=-0.05, enter=0.2, terms=WEIGHED, **sized, **market)
    candles = open_feed(strategy, None).candles[:2000]
    loaded = loaded_bars(strategy)
    assert loaded == 20 * 20
    rule, whole = Scorer(strategy), []
    for candle in candles:
        rule.update(candle)
        whole.append((rule.asks, rule.volatility))
    assert {asks for asks, _ in whole} >= {(1.0, False, True), (-1.0, True, False)}
    for start in Random(5).sample(range(loaded, len(candles)), 300):
        live = Scorer(strategy)
        for candle in candles[start - loaded + 1 : start + 1]:
            live.update(candle)
        assert (live.asks, live.volatility) == whole[start], start


def test_after_a_gap_there_is_no_entry_until_the_means_are_warm_again() -> None:
    candles = generate(BAR, 1e-8, COUNT)
    late = tuple(replace(c, time=c.time + 4 * BAR) for c in candles[200:])
    some = tuple(replace(c, time=c.time + 3 * BAR) for c in candles[200:])
    whole = decisions(strategy_with(), candles, 0)
    gapped = decisions(strategy_with(), candles[:200] + late, 0)
    assert [flat for flat, _ in gapped[200:234]] == [None] * 34
    assert [holding for _, holding in gapped] == [holding for _, holding in whole]
    assert gapped[234:] == whole[234:]
    assert decisions(strategy_with(), candles[:200] + some, 0) == whole


def test_an_entry_is_declined_when_bars_are_missing_before_its_fill(tmp_path: Path) -> None:
    candles = generate(BAR, 1e-8, COUNT)
    first = first_entry(candles)
    late = tuple(replace(c, time=c.time + 9 * BAR) for c in candles[first + 1 : first + 9])
    save(tmp_path, candles[: first + 1] + late)
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    assert not told(host, Filled)
    assert [event.why for event in told(host, OrderDeclined)] == ["9 bars are missing before the fill"]
