"""When an order that nobody can find may be held to have never arrived. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.trading.desk.order import Order

LOOKS = 3
SPREAD = timedelta(seconds=30)
"""From the first to the last of the looks."""
BETWEEN = SPREAD / (LOOKS - 1)
OVERDUE = timedelta(minutes=2)
"""After its deadline, a person is asked what became of an order of which the looks prove nothing."""
INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Look:
    """One look for an order, at the order itself, the open orders and the trades; ``at`` by the exchange's clock."""

    at: datetime
    whole: bool
    """All three could be asked, and none of them had it."""


def counted(order: Order, looks: Sequence[Look]) -> Sequence[Look]:
    """The looks in a row that prove something: whole ones, after the deadline."""
    if order.deadline is None:
        return ()
    proving: list[Look] = []
    for look in looks:
        if not look.whole:
            proving.clear()
        elif look.at > order.deadline:
            proving.append(look)
    return proving


def never_arrived(order: Order, looks: Sequence[Look]) -> bool:
    """Whether three looks over 30 s after its deadline all lacked it. Without a deadline only a person can tell."""
    return _prove(counted(order, looks))


def lasting(looks: Sequence[Look]) -> bool:
    """Whether three looks in a row, over 30 s, all lacked one that cannot arrive any more."""
    broken = max((number for number, look in enumerate(looks, 1) if not look.whole), default=0)
    return _prove(looks[broken:])


def _prove(looks: Sequence[Look]) -> bool:
    return len(looks) >= LOOKS and looks[-1].at - looks[0].at >= SPREAD


def vanished(looks: Sequence[Look]) -> datetime | None:
    """Since when an order that was in the book is gone, by two whole looks in a row; None where that is not sure."""
    first, *rest = looks[-2:]
    return first.at - INSTANT if rest and first.whole and rest[0].whole else None


def due(looks: Sequence[Look], now: datetime) -> bool:
    """Whether it is time for another look."""
    return not looks or now - looks[-1].at >= BETWEEN or looks[-1].at > now


def is_overdue(order: Order, now: datetime) -> bool:
    """Its deadline passed long ago, and what became of it is not known yet."""
    return order.deadline is not None and now - order.deadline >= OVERDUE


def waits_for_a_person(order: Order) -> bool:
    """No deadline tells when it is over."""
    return order.deadline is None
