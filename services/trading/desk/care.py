"""What a position needs next: one step at a time, decided from how it stands alone. Pure.

So a crash between two steps needs no plan: the next look at the same position decides the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.trading.desk.order import Order
from services.trading.desk.sizes import floored, is_dust
from services.trading.desk.states import OrderState, Role
from services.trading.fills import Side
from services.trading.venue.told import MarketRules

_UNSURE = frozenset({OrderState.INITIALISED, OrderState.SUBMITTED, OrderState.CANCEL_PENDING, OrderState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Situation:
    """One bot on one market."""

    quantity: Decimal
    """What it owns by its own fills."""
    opened: bool
    orders: Sequence[Order]
    """Its orders that are not over."""
    stop: Decimal | None
    """At which price the position is given up."""
    rests: bool
    """Whether a stop can rest at the exchange."""
    leaving: bool
    """It has been asked to be left."""
    last: Decimal | None
    """The latest price; None where it is not known now."""
    rules: MarketRules
    collar: Decimal = Decimal(0)
    """By how much below the price a sale may go: the exchange measures an order by its limit."""
    orphans: frozenset[str] = frozenset()
    """Ids of entries for which nobody waits any more."""
    target: Decimal | None = None
    """At which price it is sold."""
    moves: bool = False
    """Whether a stop can be put in another's place in one request."""

    @property
    def sellable(self) -> Decimal:
        return floored(self.quantity, self.rules.step)

    def of(self, *roles: Role) -> list[Order]:
        return [order for order in self.orders if order.role in roles]

    @property
    def dust(self) -> bool:
        """Too little to be sold; where no price is known only the quantity tells."""
        price = self.last or self.stop
        return is_dust(self.quantity, self.limit_of(price) if price else Decimal("Infinity"), self.rules)

    def limit_of(self, price: Decimal) -> Decimal:
        """The limit of a sale at that price."""
        return price * (1 - self.collar)


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take an order out of the book."""

    order: Order
    why: str
    covers: bool = False
    """What it covers is sold, or protected anew, as soon as it is out."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Find out now what became of an order that keeps the position from being sold."""

    order: Order


@dataclass(frozen=True, slots=True)
class RestStop:
    """Rest one stop for all that is owned."""

    quantity: Decimal
    trigger: Decimal


@dataclass(frozen=True, slots=True)
class Move:
    """Put a stop for all that is owned in the place of one that rests."""

    order: Order
    quantity: Decimal
    trigger: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Sell:
    """Sell all that is owned at once, within the collar."""

    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Close:
    """The trade is over: nothing is left that could be sold."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The position has to be left, why, and by what: its stop or its target."""

    why: str
    by: str = "stop"


Need = Cancel | Settle | RestStop | Move | Sell | Close | Leave | None


def need(now: Situation) -> Need:
    """The next thing to do; None where it is well, or has to wait for the exchange's word."""
    for order in now.of(Role.ENTRY):
        if order.client_id in now.orphans and order.state not in _UNSURE and order.open:
            return Cancel(order, "nobody waits for it any more")
    return _leaving(now) if now.leaving else _keeping(now)


def _leaving(now: Situation) -> Need:
    for order in now.of(Role.ENTRY, Role.STOP):
        covers = order.role is Role.STOP and not now.dust
        if covers and now.last is None:
            continue  # nothing can be sold without a price: till there is one, the stop is left where it rests
        if order.open and order.state not in _UNSURE:
            return Cancel(order, "the position is being left", covers)
    if selling := [order for order in now.orders if order.side is Side.SELL]:
        return next((Settle(order) for order in selling if order.state is OrderState.UNKNOWN), None)
    if now.dust:
        return None if now.orders else Close()
    return Sell(now.sellable)  # what an unsure purchase still adds is sold when it turns up


def _keeping(now: Situation) -> Need:
    if now.of(Role.EXIT, Role.FLATTEN):
        return None
    if now.dust:
        return _over(now)
    if why := _lost(now):
        return Leave(why)
    if now.target is not None and now.last is not None and now.last >= now.target:
        return Leave(f"the price {now.last} has reached the target {now.target}", "target")
    if now.stop is None or not now.rests:
        return None
    return _protected(now, now.stop)


def _over(now: Situation) -> Need:
    """Nothing to protect: a stop that still rests goes, and the trade is closed once no order may add to it."""
    for order in now.of(Role.STOP):
        if order.open and order.state not in _UNSURE:
            return Cancel(order, "nothing is left to protect")
    return Close() if now.opened and not now.orders else None


def _lost(now: Situation) -> str:
    """Why the position has to be left at once, where its stop does not do it by itself."""
    if now.stop is None or now.last is None:
        return ""
    if not now.rests:
        return f"the price {now.last} has reached the stop {now.stop}" if now.last <= now.stop else ""
    stops = now.of(Role.STOP)
    resting = [order for order in stops if order.state is not OrderState.UNKNOWN]
    if len(resting) == 1 and _is_below(resting[0], now.stop) and now.last <= now.stop:
        return f"the price {now.last} has reached the stop {now.stop}, and the one that rests was not moved there yet"
    if resting and resting[0].price > 0 and now.last < resting[0].price:
        return f"the price {now.last} has gone past the stop, which could not be filled down to {resting[0].price}"
    if not resting and now.last <= now.stop:
        known = "nobody can tell whether one rests" if stops else "no stop rests"
        return f"the price {now.last} is past the stop {now.stop}, and {known}"
    return ""


def _protected(now: Situation, trigger: Decimal) -> Need:
    stops = now.of(Role.STOP)
    if not stops:
        small = is_dust(now.quantity, now.limit_of(trigger), now.rules)  # then the price is watched from here
        return None if small else RestStop(now.sellable, trigger)
    if any(order.state in _UNSURE or order.owing for order in stops):
        return None  # one that nobody can find may rest: no second one is sent, and the price is watched from here
    if len(stops) > 1:
        former = _is_below(stops[0], stops[-1].trigger)
        return Cancel(stops[0] if former else stops[-1], "one stop covers the position")
    if stops[0].remaining != now.sellable:
        return _moved(now, trigger, f"the position has become {now.sellable}")
    if _is_below(stops[0], trigger):
        return _moved(now, trigger, f"the stop moves up to {trigger}")
    return None


def _moved(now: Situation, trigger: Decimal, why: str) -> Need:
    """In one request, where that can be; one that is being filled is taken out, and then it is seen what is left."""
    (order,) = now.of(Role.STOP)
    whole = order.state is OrderState.ACCEPTED and not order.filled
    small = is_dust(now.quantity, now.limit_of(trigger), now.rules)
    return (
        Move(order, now.sellable, trigger, why)
        if now.moves and whole and not small
        else Cancel(order, why, covers=True)
    )


def _is_below(order: Order, trigger: Decimal | None) -> bool:
    return order.trigger is not None and trigger is not None and order.trigger < trigger
