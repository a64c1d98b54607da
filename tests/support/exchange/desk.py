"""All of the exchange in one place: engine, keys, faults, weights, candles, and what was asked of it."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.exchange.candles import Candles
from tests.support.exchange.engine import Engine
from tests.support.exchange.faults import Faults
from tests.support.exchange.keys import Keys
from tests.support.exchange.markets import plain
from tests.support.exchange.stream import Stream
from tests.support.exchange.weights import Weights


@dataclass
class Desk:
    """What the handlers speak to."""

    engine: Engine = field(default_factory=Engine)
    keys: Keys = field(default_factory=Keys)
    faults: Faults = field(default_factory=Faults)
    weights: Weights = field(default_factory=Weights)
    candles: Candles = field(default_factory=Candles)
    stream: Stream = field(default_factory=Stream)
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Every request that came, in order."""
    lagging: list[dict[str, str]] | None = None
    """Balances as they were when they began to lag."""
    reachable: bool = True

    def balances(self) -> list[dict[str, str]]:
        """As the account tells them: maybe yesterday's."""
        return self.lagging if self.lagging is not None else self.true_balances()

    def true_balances(self) -> list[dict[str, str]]:
        balances = self.engine.ledger.balances
        return [
            {"asset": asset, "free": plain(each.free), "locked": plain(each.held)} for asset, each in balances.items()
        ]
