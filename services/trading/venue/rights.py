"""What a key may do, as its exchange tells it. What is not told is not known, and not known is not allowed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.trading.venue.venue import VenueRefused, VenueUnsure


@dataclass(frozen=True, slots=True)
class Rights:
    """Of one key; ``withdraws`` also where it may send to another account."""

    reads: bool
    trades: bool
    withdraws: bool
    borrows: bool
    """Margin, futures or options: more could be lost than is there."""
    bound: bool
    """Only from addresses that its owner has named."""


Reader = Callable[[Any], Rights]


def _binance(exchange: Any) -> Rights:
    told = exchange.sapi_get_account_apirestrictions()
    if not isinstance(told, Mapping):
        raise VenueUnsure("an answer that makes no sense (it does not tell what the key may do)")

    def may(*names: str) -> bool:
        """Whether any is given; a known right that is not told as true or false is nonsense, a new name is none."""
        if wrong := [name for name in names if not isinstance(told.get(name, False), bool)]:
            raise VenueUnsure(f"an answer that makes no sense ({wrong[0]} is neither true nor false)")
        return any(told.get(name, False) for name in names)

    for name in ("enableReading", "enableSpotAndMarginTrading", "enableWithdrawals"):
        if name not in told:
            raise VenueUnsure(f"an answer that does not tell {name}")
    return Rights(
        reads=may("enableReading"),
        trades=may("enableSpotAndMarginTrading"),
        withdraws=may("enableWithdrawals", "enableInternalTransfer", "permitsUniversalTransfer"),
        borrows=may("enableMargin", "enableFutures", "enableVanillaOptions", "enablePortfolioMarginTrading"),
        bound=may("ipRestrict"),
    )


READERS: Mapping[str, Reader] = {"binance": _binance}


def reader_of(exchange: str) -> Reader:
    """Raises ``VenueRefused`` where the exchange does not tell what a key may do."""
    if exchange not in READERS:
        raise VenueRefused(f"{exchange} does not tell what a key may do, so none of its keys is used")
    return READERS[exchange]
