"""What of the strategy language is not traded live, and why."""

from collections.abc import Iterator

from services.trading.language.terms import PluginTerm
from services.trading.live.equipment import Equipment
from services.trading.strategy import Strategy


def refusals(strategy: Strategy, equipment: Equipment) -> Iterator[str]:
    """Left out in silence, it would be worse than refused."""
    if strategy.market.kind != "spot":
        yield "market: {kind: perpetual}: live is spot"
    if strategy.short is not None:
        yield "short: live is spot, long or flat"
    if strategy.fill == "close":
        yield "fill: close: a bar's close is over once the bar is known, and nothing can be bought at it any more"
    if strategy.listens and equipment.posts is None:
        yield "terms of posts: nothing records posts here"
    foreign = [name for name, term in strategy.terms.items() if isinstance(term, PluginTerm)]
    if foreign and equipment.plugins is None:
        yield f"terms.{foreign[0]}: terms of plug-ins are not run here"


def unprotected(strategy: Strategy) -> str:
    """What a person has to know of a strategy that nothing stops; empty where something does."""
    return "" if strategy.stop is not None or strategy.trailing is not None else "without a stop"
