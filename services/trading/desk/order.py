"""An order of ours, as the fold of what became known of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import singledispatch

from services.core.events import Event
from services.trading.desk.events import (
    CancelAsked,
    OrderAccepted,
    OrderAdopted,
    OrderCancelled,
    OrderCompleted,
    OrderDoubted,
    OrderExpired,
    OrderFilled,
    OrderInitialised,
    OrderRejected,
    OrderSentAgain,
    OrderSubmitted,
    OrderVanished,
    Resolved,
)
from services.trading.desk.states import ENDED, LIVE, OPEN, OrderState, Role, Step, after
from services.trading.fills import Side
from services.trading.venue.told import OrderKind

ZERO = Decimal(0)
ADOPTED = "adopted"
"""The cause of an order whose own cause was lost with the ledger."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, where it stands, and the trades that are known of it. Quantities in base, price in quote."""

    client_id: str
    bot: str
    symbol: str
    side: Side
    kind: OrderKind
    role: Role
    quantity: Decimal
    price: Decimal
    trigger: Decimal | None
    cause: str
    at: datetime
    stop: Decimal | None = None
    state: OrderState = OrderState.INITIALISED
    exchange_id: str = ""
    """The first that the exchange told of it."""
    further_ids: tuple[str, ...] = ()
    """Others that it told of the same client id: their trades are its own too."""
    told_filled: Decimal = ZERO
    """How much of it is filled by the exchange's word; its trades may lag."""
    fills: tuple[OrderFilled, ...] = ()
    sent: datetime | None = None
    deadline: datetime | None = None
    """Of an UNKNOWN order: until when it may still arrive, on the exchange's clock."""
    cancel_asked: datetime | None = None
    why: str = ""
    settled: bool = False
    """A person said that no more trades of it will come."""
    stop_share: Decimal | None = None
    doubted: bool = False
    """Nobody could tell at some time whether it was there."""

    @property
    def exchange_ids(self) -> tuple[str, ...]:
        """All by which its trades are known; none until the exchange has told one."""
        return (self.exchange_id, *self.further_ids) if self.exchange_id else ()

    @property
    def filled(self) -> Decimal:
        """The sum of the trades known."""
        return sum((fill.quantity for fill in self.fills), ZERO)

    @property
    def remaining(self) -> Decimal:
        """What may still be filled of it."""
        return max(ZERO, self.quantity - max(self.filled, self.told_filled))

    @property
    def owing(self) -> bool:
        """The exchange tells of more than the trades known: its position is not known yet."""
        return self.told_filled > self.filled and not self.settled

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def knows(self, trade_id: str) -> bool:
        return any(fill.trade_id == trade_id for fill in self.fills)

    def stepped(self, step: Step) -> "Order":
        return replace(self, state=after(self.state, step))


def begun(event: OrderInitialised | OrderAdopted) -> Order:
    """The order that an intent, or the exchange's word for a lost one, begins."""
    if isinstance(event, OrderInitialised):
        return Order(
            event.client_id, event.bot, event.symbol, event.side, event.kind, event.role, event.quantity,
            event.price, event.trigger, event.cause, event.at, event.stop, stop_share=event.stop_share,
        )  # fmt: skip
    kind = OrderKind.STOP if event.role is Role.STOP else OrderKind.LIMIT
    return Order(
        event.client_id, event.bot, event.symbol, event.side, kind, event.role, event.quantity,
        ZERO, None, ADOPTED, event.at, state=OrderState.ACCEPTED, exchange_id=event.exchange_id,
    )  # fmt: skip


@singledispatch
def applied(event: Event, order: Order) -> Order:
    """The order once ``event`` is known; an event that tells nothing of an order leaves it as it is."""
    return order


@applied.register
def _(event: OrderSubmitted, order: Order) -> Order:
    return replace(order.stepped(Step.SUBMIT), sent=event.at)


@applied.register
def _(event: OrderAccepted, order: Order) -> Order:
    return _known_as(replace(order.stepped(Step.ACCEPT), why=""), event.exchange_id)


@applied.register
def _(event: OrderDoubted, order: Order) -> Order:
    doubted = order.stepped(Step.DOUBT)
    if doubted.state is not OrderState.UNKNOWN:
        return order
    return replace(doubted, deadline=event.deadline, why=event.why, doubted=True)


@applied.register
def _(event: OrderSentAgain, order: Order) -> Order:
    if order.state is not OrderState.UNKNOWN:
        return order
    return replace(order, deadline=event.deadline)


@applied.register
def _(event: OrderVanished, order: Order) -> Order:
    vanished = order.stepped(Step.VANISH)
    if vanished is order:
        return order
    return replace(vanished, deadline=event.since, why=event.why, doubted=True)


@applied.register
def _(event: OrderFilled, order: Order) -> Order:
    if order.knows(event.trade_id):
        return order
    booked = replace(order, fills=(*order.fills, event))
    return booked.stepped(Step.WHOLE if booked.filled >= order.quantity else Step.PART)


@applied.register
def _(event: OrderCompleted, order: Order) -> Order:
    return _told(order.stepped(Step.WHOLE), event.filled)


@applied.register
def _(event: CancelAsked, order: Order) -> Order:
    return replace(order.stepped(Step.ASK_CANCEL), cancel_asked=event.at)


@applied.register
def _(event: OrderCancelled, order: Order) -> Order:
    return _told(order.stepped(Step.CANCEL), event.filled)


@applied.register
def _(event: OrderExpired, order: Order) -> Order:
    return replace(_told(order.stepped(Step.EXPIRE), event.filled), why=event.why)


@applied.register
def _(event: OrderRejected, order: Order) -> Order:
    rejected = order.stepped(Step.REJECT)
    return replace(rejected, why=event.why) if rejected.state is OrderState.REJECTED else order


@applied.register
def _(event: Resolved, order: Order) -> Order:
    if event.arrived:
        return order
    settled = replace(order, settled=order.owing)
    if order.state is not OrderState.UNKNOWN:
        return settled
    return replace(settled.stepped(Step.REJECT), why=event.reason)


def _known_as(order: Order, exchange_id: str) -> Order:
    """The first id stays: what is traded under it is found by it, whatever else bears the same client id."""
    if not order.exchange_id:
        return replace(order, exchange_id=exchange_id)
    if not exchange_id or exchange_id in order.exchange_ids:
        return order
    return replace(order, further_ids=(*order.further_ids, exchange_id))


def _told(order: Order, filled: Decimal) -> Order:
    return replace(order, told_filled=max(order.told_filled, filled))
