"""How much of the past a strategy has to know."""

from services.core.errors import UserError
from services.trading.scoring.pieces import Piece, piece_of, spread_of
from services.trading.strategy import Strategy

TIMES = 20
"""How often the longest span is read before the first live decision: what an exponential mean began with is then gone.
Of 18,000 signs 309 differ after 35 bars, and none after 150."""


def loaded_bars(strategy: Strategy) -> int:
    """How many bars are read before the first decision on live or paper candles."""
    return TIMES * max(piece.longest for piece in _pieces(strategy).values())


def lacking_history(strategy: Strategy, bars: int) -> str:
    """That there are too few bars for its slowest term to say anything; empty where there are enough."""
    name, warm_up = max(((name, piece.warm_up) for name, piece in _pieces(strategy).items()), key=lambda each: each[1])
    if bars > warm_up:
        return ""
    there = f"there {'is' if bars == 1 else 'are'} {bars:,}"
    return f"asks for more history than there is: {name} speaks from bar {warm_up + 1:,} on, and {there}"


def require_history(strategy: Strategy, bars: int, where: str) -> None:
    """Raise ``UserError`` where there are too few bars for its slowest term to say anything."""
    if lacks := lacking_history(strategy, bars):
        raise UserError(f"{strategy.name} {lacks}", where, "Give more bars, or shorten what it looks back at")


def thin_history(strategy: Strategy, bars: int) -> str:
    """That there are fewer bars than are read before the first live decision; empty where there are enough."""
    if bars >= (loaded := loaded_bars(strategy)):
        return ""
    return f"there are {bars:,} bars of {loaded:,}: what began before is missing in its means"


def _pieces(strategy: Strategy) -> dict[str, Piece]:
    found = {name: piece_of(term) for name, term in strategy.weighed.items()}
    return {**found, "sizing.volatility": spread_of(strategy)}
