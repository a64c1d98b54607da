"""All that the kernel compiles, called once over a few bars; what was compiled before is only read."""

from services.core.durations import minutes
from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.kernel.beside import Beside
from services.trading.kernel.run import Kernel, over_window
from services.trading.side_data import SideData
from services.trading.social.post import Posts
from services.trading.strategy import Strategy

_COUNT = 400
_TICK = 1e-8
_COMMON = {
    "name": "whole", "timeframe": "1m", "capital": 1, "market": {"symbol": "AAA/BBB", "tick": _TICK, "step": _TICK},
}  # fmt: skip
_CROSSES: dict[str, object] = {"macd": {}}
_EVERY_TERM: dict[str, object] = {
    "terms": {
        "cross": {"kind": "macd_cross", "lasts": 3},
        "curl": {"kind": "macd_curl", "turn": "both"},
        "volume": {"kind": "volume"},
        "bursts": {"kind": "volume", "of": "log"},
        "trend": {"kind": "momentum"},
        "level": {"kind": "sentiment"},
        "change": {"kind": "sentiment_momentum"},
        "crowd": {"kind": "post_volume"},
    },
    "enter": 0.5,
    "exit": -0.5,
    "sizing": {"volatility": {"percent": 1, "over": "1h"}},
}


def compile_whole() -> None:
    """Blocks for as long as the compiler takes for what it has not compiled yet."""
    bars = Bars.of(generate(minutes(1), _TICK, _COUNT))
    beside = Beside(bars, SideData(Posts((), "nobody", "")))
    strategies = [Strategy.model_validate(_COMMON | fields) for fields in (_CROSSES, _EVERY_TERM)]
    Kernel(bars, beside).outcomes(strategies)
    over_window(bars, beside, strategies, range(_COUNT // 2, _COUNT))
