"""An exchange that goes through a backtest's bars by its conventions fills what the backtest fills, over restarts."""

from pathlib import Path

import pytest

from tests.support.bar_world import BarWorld
from tests.support.strategies import strategy_text

EAGER = {
    "macd": None, "entry": None, "terms": {"up": {"kind": "momentum", "bars": 5, "window": 20, "weight": 1}},
    "enter": 0.3, "exit": -0.3, "capital": 0.2, "sizing": {"percent": 50}, "limit_volume": {"percent": 100},
}  # fmt: skip
RESTING = {"limit": {"offset": {"percent": 0.1}}}
CASES = {
    "a stop": {"stop": {"percent": 0.3}},
    "a limit of some ticks": {"execution": {"limit": {"offset": {"ticks": 7}}}},
    "a limit with a stop": {"execution": RESTING, "stop": {"percent": 0.2}},
    "a limit priced anew": {"execution": {"limit": {"offset": {"percent": 0.2}, "times": 3}}, "stop": {"percent": 0.5}},
    "a limit that rests for long": {"execution": {"limit": {"offset": {"percent": 0.3}, "reprice_after": "20m"}}},
    "a trailing stop and a fixed one": {"trailing": {"percent": 0.6}, "stop": {"percent": 0.3}},
    "a target and a stop": {"target": {"percent": 0.5}, "stop": {"percent": 0.3}},
    "a limit with a target and a stop": {"execution": RESTING, "target": {"percent": 0.5}, "stop": {"percent": 0.3}},
    "all at once": {
        "execution": RESTING,
        "target": {"percent": 0.6},
        "stop": {"percent": 0.5},
        "trailing": {"percent": 0.4},
        "cool_down": 2,
        "sizing": {"percent": None, "volatility": {"percent": 2, "window": 30}},
    },
    "a cool-down": {"stop": {"percent": 0.3}, "cool_down": 4},
    "a size by volatility": {"sizing": {"percent": None, "volatility": {"percent": 2, "window": 30}}},
    "a fixed size": {"sizing": {"percent": None, "fixed": 0.05}, "stop": {"percent": 0.5}},
}


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_an_exchange_that_follows_the_bars_fills_what_the_backtest_fills(
    world: BarWorld, tmp_path: Path, changes: dict[str, object]
) -> None:
    text = strategy_text(**{**EAGER, **changes})
    fills = world.lived(text, tmp_path)
    assert len(fills) > 15
    assert fills == world.backtested(text)
    assert len({effect.key for effect in world.acts}) == len(world.acts)
