"""Defects that the drill has to find: each is put into the desk of a life, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.trading.desk import beside, buying, doubts, news, order, register, sending
from services.trading.desk.events import EntryAsked, OrderDoubted, OrderInitialised, OrderRejected, OrderSubmitted
from services.trading.live import trader
from services.trading.venue.live_bar import LiveBar
from services.trading.venue.told import Ticket
from services.trading.venue.venue import VenueUnsure


def plant(name: str) -> None:
    """Put it in; empty for a sound desk."""
    if name:
        DEFECTS[name]()


def write_after_send() -> None:
    """The intent is kept only once the exchange has answered."""

    def send(held: register.Register, intent: OrderInitialised) -> order.Order:
        ticket = Ticket(
            intent.client_id, intent.symbol, intent.side, intent.kind, intent.quantity, intent.price, intent.trigger
        )
        told: list[Any] = []
        try:
            told = news.of_report(held.venue.place(ticket))
        finally:
            held.at("answered")
            held.record(intent, OrderSubmitted(intent.client_id, held.venue.now()), *told)
        return held.order(intent.client_id)

    _replace("send", send)


def resend_on_timeout() -> None:
    """What was not answered is sent again."""
    sound = sending._placed

    def placed(held: register.Register, asked: order.Order) -> list[Any]:
        ticket = Ticket(
            asked.client_id, asked.symbol, asked.side, asked.kind, asked.quantity, asked.price, asked.trigger
        )
        try:
            return news.of_report(held.venue.place(ticket))
        except VenueUnsure:
            return sound(held, asked)

    sending._placed = placed


def no_trade_id_dedup() -> None:
    """A trade that is told twice is booked twice."""
    order.Order.knows = lambda self, trade_id: False  # type: ignore[method-assign]


def one_look_is_enough() -> None:
    """What one look does not find was rejected."""

    doubts.never_arrived = lambda asked, looks: True
    sound = sending._placed

    def placed(held: register.Register, asked: order.Order) -> list[Any]:
        told = sound(held, asked)
        if isinstance(told[0], OrderDoubted) and held.venue.order(asked.symbol, asked.client_id) is None:
            return [OrderRejected(asked.client_id, held.venue.now(), "not found")]
        return told

    sending._placed = placed


def coins_tell_nothing() -> None:
    """What the account holds back, or has less or more of, is no trace of an order."""
    beside.Beside.against = lambda self, *told: ""  # type: ignore[method-assign]
    beside.Beside.alike = lambda self, *told: True  # type: ignore[method-assign]


def _replace(name: str, sound: Callable[..., Any]) -> None:
    from services.trading.desk import caring, entering

    for module in (sending, caring, entering):
        setattr(module, name, sound)


def follows_the_new_file() -> None:
    """A position is left by whatever its strategy's file says now."""
    trader._former = lambda *told: None  # type: ignore[attr-defined]


def acts_on_late_bars() -> None:
    """What was slept through is acted on, by the bot and by the desk."""
    sound = buying.move

    def move(asked: EntryAsked, *told: Any) -> Any:
        return sound(replace(asked, until=asked.at + timedelta(days=1)), *told)

    LiveBar.late = lambda bar, most=None: False  # type: ignore[assignment,method-assign,misc]
    buying.move = move  # type: ignore[assignment]


DEFECTS: dict[str, Callable[[], None]] = {
    "coins tell nothing": coins_tell_nothing,
    "coins tell nothing of a stop": coins_tell_nothing,
    "follows the new file": follows_the_new_file,
    "acts on late bars": acts_on_late_bars,
    "write after send": write_after_send,
    "resend on time-out": resend_on_timeout,
    "no trade-id dedup": no_trade_id_dedup,
    "one look = rejected": one_look_is_enough,
}
