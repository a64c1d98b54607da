"""What a file leaves out is what was agreed on, and every result says so: equal files give equal money."""

from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel

from services.core.yamlfile import parse_model
from services.trading.backtest.conventions import conventions_of
from services.trading.strategy import Strategy

LEAST = {
    "name": "least",
    "market": {"symbol": "ETH/BTC", "tick": 0.00001, "step": 0.001},
    "timeframe": "5m",
    "capital": 2,
}
KINDS = ("macd_curl", "macd_cross", "volume", "momentum", "sentiment", "sentiment_momentum", "post_volume")
AGREED: dict[str, Any] = {
    "market.symbol": "ETH/BTC",
    "fill": "next_open",
    "slippage.ticks": 1,
    "fee.percent": 0.1,
    "fee_in": "quote",
    "both_touched": "stop",
    "limit_volume.percent": 10.0,
    "volume_unit": "base",
    "max_missing": 3,
    "cool_down": 0,
    "enter": 1.0,
    "exit": -1.0,
    "stop.percent": None,
    "trailing.percent": None,
    "target.percent": None,
    "sizing.percent": 100.0,
    "sizing.fixed": None,
    "sizing.volatility.percent": None,
    "sizing.volatility.over": None,
    "sizing.volatility.window": None,
    "execution": "market",
    "execution.limit.offset.ticks": None,
    "execution.limit.offset.percent": None,
    "execution.limit.reprice_after": None,
    "execution.limit.times": None,
    "execution.limit.then": None,
    "short.enter": None,
    "short.exit": None,
    "max_signal_age": "150s",
    "market.kind": "spot",
    "posts.match": None,
    "posts.sources": None,
    "posts.dead_after": None,
    "social_alone": None,
    "market.tick": 0.00001,
    "market.step": 0.001,
    "market.min_notional": 0.0,
    "timeframe": "5m",
    "capital": 2.0,
    "macd.fast": 12,
    "macd.slow": 26,
    "macd.signal": 9,
}
WEIGHED = {"weight": 1.0, "required": False}
SPANS = {"fast": 12, "slow": 26, "signal": 9}
TERMS: dict[str, dict[str, Any]] = {
    "macd_curl": {
        **SPANS, "turn": "up", "falls": 3, "rises": 2, "depth": 0.25, "window": 100, "below_zero": False, "lasts": 10,
    },
    "macd_cross": {**SPANS, "lasts": 1},
    "volume": {"window": 20, "of": "ratio"},
    "momentum": {"bars": 20, "window": 100, "scale": 2.0},
    "sentiment": {"window": 12, "least": 3, "full": 1.0},
    "sentiment_momentum": {"window": 12, "least": 3, "full": 1.0},
    "post_volume": {"window": 96},
}  # fmt: skip


def strategy(**changes: Any) -> Strategy:
    return parse_model(yaml.safe_dump({**LEAST, **changes}), Strategy, "s.yaml")


def test_what_a_file_leaves_out_is_what_was_agreed_on() -> None:
    assert conventions_of(strategy()) == AGREED


def test_of_each_term_too_and_all_of_it_is_told() -> None:
    told = conventions_of(strategy(terms={kind: {"kind": kind} for kind in KINDS}))
    agreed = {kind: {"kind": kind, **WEIGHED, **numbers} for kind, numbers in TERMS.items()}
    assert {key: value for key, value in told.items() if key.startswith("terms.")} == {
        f"terms.{kind}.{key}": value for kind, numbers in agreed.items() for key, value in numbers.items()
    }
    assert not any(key.startswith("macd.") for key in told)
    listens = "posts.match", "posts.sources", "posts.dead_after", "social_alone"
    assert [told[key] for key in listens] == ["ETH", "all", "1h", False]


def leaves(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        parts = (field.annotation, *getattr(field.annotation, "__args__", ()))
        inner = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
        if name == "terms" or not inner:
            yield before + name
        for part in inner if name != "terms" else ():
            yield from leaves(part, f"{before}{name}.")


def test_no_key_of_a_strategy_that_money_depends_on_is_left_untold() -> None:
    elsewhere = {"name", "data", "entry", "terms", "posts.recorded"}
    """Beside the conventions: what was tested on which data, and what the spans of one MACD stand for."""
    assert set(leaves(Strategy)) - elsewhere == AGREED.keys() - {"execution"}
