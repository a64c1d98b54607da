"""Who owns what, every order ever and every trade: exact, and kept whatever becomes of the answers."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from tests.support.exchange.markets import Market, Rejection, plain

NOTHING = Decimal(0)
OPEN = ("NEW", "PARTIALLY_FILLED")
_FEE_PLACES = Decimal("0.00000001")


@dataclass
class Order:
    """An order; what it holds back is of its own side's currency."""

    id: int
    client_id: str
    market: Market
    side: str
    type: str
    tif: str
    quantity: Decimal
    price: Decimal
    trigger: Decimal
    at: int
    status: str = "NEW"
    executed: Decimal = NOTHING
    spent: Decimal = NOTHING
    changed: int = 0
    working: bool = True
    mine: bool = True
    """Sent through the API with a key; else placed by hand."""
    hidden: bool = False

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def rest(self) -> Decimal:
        return self.quantity - self.executed

    @property
    def buys(self) -> bool:
        return self.side == "BUY"

    def told(self) -> dict[str, object]:
        return {
            "symbol": self.market.id,
            "orderId": self.id,
            "orderListId": -1,
            "clientOrderId": self.client_id,
            "price": plain(self.price),
            "origQty": plain(self.quantity),
            "executedQty": plain(self.executed),
            "cummulativeQuoteQty": plain(self.spent),
            "status": self.status,
            "timeInForce": self.tif,
            "type": self.type,
            "side": self.side,
            "stopPrice": plain(self.trigger),
            "icebergQty": plain(NOTHING),
            "time": self.at,
            "updateTime": self.changed or self.at,
            "isWorking": self.working,
            "workingTime": self.at,
            "origQuoteOrderQty": plain(NOTHING),
            "selfTradePreventionMode": "NONE",
        }


@dataclass(frozen=True)
class Trade:
    """A fill; ``id`` counts within its market."""

    id: int
    order: Order
    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_asset: str
    at: int
    maker: bool

    def told(self) -> dict[str, object]:
        return {
            "symbol": self.order.market.id,
            "id": self.id,
            "orderId": self.order.id,
            "orderListId": -1,
            "price": plain(self.price),
            "qty": plain(self.quantity),
            "quoteQty": plain(self.price * self.quantity),
            "commission": plain(self.fee),
            "commissionAsset": self.fee_asset,
            "time": self.at,
            "isBuyer": self.order.buys,
            "isMaker": self.maker,
            "isBestMatch": True,
        }


@dataclass
class Balance:
    free: Decimal = NOTHING
    held: Decimal = NOTHING


@dataclass
class Ledger:
    """The account's books. ``fee_asset`` names a currency that fees are paid in, else it is what was received."""

    balances: dict[str, Balance] = field(default_factory=lambda: defaultdict(Balance))
    orders: list[Order] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Trades of each market."""
    fee_rate: Decimal = Decimal("0.001")
    fee_asset: str = ""

    def hold(self, order: Order) -> None:
        """Take what the order needs out of what is free; raises the rejection of an account that is short."""
        balance, amount = self._paying(order), self._needed(order, order.rest)
        if balance.free < amount:
            raise Rejection(-2010, "Account has insufficient balance for requested action.")
        balance.free -= amount
        balance.held += amount

    def enter(self, order: Order) -> None:
        self.orders.append(order)

    def release(self, order: Order, status: str, at: int) -> None:
        """End an order and give back what it still holds."""
        balance, amount = self._paying(order), self._needed(order, order.rest)
        balance.held -= amount
        balance.free += amount
        order.status, order.changed = status, at

    def fill(self, order: Order, quantity: Decimal, price: Decimal, at: int, *, maker: bool) -> Trade:
        """Trade part of an order, better than its limit or at it; the fee comes out of what is received."""
        paying, held = self._paying(order), self._needed(order, quantity)
        received, asset = (quantity, order.market.base) if order.buys else (quantity * price, order.market.quote)
        paying.held -= held
        if order.buys:
            paying.free += held - quantity * price
        self.balances[asset].free += received
        fee, fee_asset = self._fee(order, quantity, price)
        self.balances[fee_asset].free -= fee
        order.executed += quantity
        order.spent += quantity * price
        order.changed = at
        order.status = "FILLED" if not order.rest else "PARTIALLY_FILLED"
        number = self.counts[order.market.id] = self.counts[order.market.id] + 1
        trade = Trade(number, order, quantity, price, fee, fee_asset, at, maker)
        self.trades.append(trade)
        return trade

    def told(self) -> dict[str, object]:
        """Everything, for the oracle of a drill."""
        return {
            "orders": [each.told() | {"mine": each.mine} for each in self.orders],
            "trades": [each.told() | {"clientOrderId": each.order.client_id} for each in self.trades],
            "balances": {
                asset: {"free": plain(each.free), "locked": plain(each.held)} for asset, each in self.balances.items()
            },
        }

    def _fee(self, order: Order, quantity: Decimal, price: Decimal) -> tuple[Decimal, str]:
        """Of what is received, unless another currency pays; a third one is taken to be worth as much."""
        asset = self.fee_asset or (order.market.base if order.buys else order.market.quote)
        worth = quantity * price if asset == order.market.quote or not order.buys else quantity
        return (worth * self.fee_rate).quantize(_FEE_PLACES, ROUND_DOWN), asset

    def _paying(self, order: Order) -> Balance:
        return self.balances[order.market.quote if order.buys else order.market.base]

    def _needed(self, order: Order, quantity: Decimal) -> Decimal:
        return quantity * order.price if order.buys else quantity
