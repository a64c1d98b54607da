"""The markets that can be traded, with their filters."""

from dataclasses import dataclass
from decimal import Decimal


class Rejection(Exception):
    """Refused with Binance's code and words, and nothing done."""

    def __init__(self, code: int, words: str, status: int = 400, data: object = None) -> None:
        super().__init__(words)
        self.code, self.words, self.status, self.data = code, words, status, data


@dataclass(frozen=True)
class Market:
    """A pair, what its prices and quantities are counted in, and its smallest order."""

    base: str
    quote: str
    tick: Decimal
    step: Decimal
    min_quantity: Decimal
    min_notional: Decimal

    @property
    def id(self) -> str:
        return self.base + self.quote

    def check(self, quantity: Decimal, price: Decimal) -> None:
        """Raise what Binance says of an order that a filter does not let through."""
        if quantity < self.min_quantity or quantity % self.step:
            raise Rejection(-1013, "Filter failure: LOT_SIZE")
        self.check_price(price)
        if quantity * price < self.min_notional:
            raise Rejection(-1013, "Filter failure: NOTIONAL")

    def check_price(self, price: Decimal) -> None:
        if price <= 0 or price % self.tick:
            raise Rejection(-1013, "Filter failure: PRICE_FILTER")

    def told(self) -> dict[str, object]:
        """As exchangeInfo tells it."""
        return {
            "symbol": self.id,
            "status": "TRADING",
            "baseAsset": self.base,
            "baseAssetPrecision": 8,
            "quoteAsset": self.quote,
            "quotePrecision": 8,
            "quoteAssetPrecision": 8,
            "baseCommissionPrecision": 8,
            "quoteCommissionPrecision": 8,
            "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
            "icebergAllowed": True,
            "ocoAllowed": True,
            "isSpotTradingAllowed": True,
            "isMarginTradingAllowed": False,
            "filters": self._filters(),
            "permissions": [],
            "permissionSets": [["SPOT"]],
        }

    def _filters(self) -> list[dict[str, object]]:
        most = "9000000.00000000"
        return [
            {
                "filterType": "PRICE_FILTER",
                "minPrice": plain(self.tick),
                "maxPrice": most,
                "tickSize": plain(self.tick),
            },
            {
                "filterType": "LOT_SIZE",
                "minQty": plain(self.min_quantity),
                "maxQty": most,
                "stepSize": plain(self.step),
            },
            {"filterType": "NOTIONAL", "minNotional": plain(self.min_notional), "applyMinToMarket": True},
        ]


def plain(amount: Decimal) -> str:
    """With eight places, never with an exponent."""
    return f"{amount:.8f}"


def market(base: str, quote: str, tick: str, step: str, min_quantity: str, min_notional: str) -> Market:
    amounts = (Decimal(each) for each in (tick, step, min_quantity, min_notional))
    return Market(base, quote, *amounts)


DEFAULT = (
    market("BTC", "USDT", "0.01", "0.00001", "0.00001", "10"),
    market("ETH", "USDT", "0.01", "0.0001", "0.0001", "10"),
    market("ETH", "BTC", "0.000001", "0.001", "0.001", "0.0001"),
)
