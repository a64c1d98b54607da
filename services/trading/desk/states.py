"""How an order of ours may stand, and the one table of what may follow what."""

from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands, as far as we know."""

    INITIALISED = "initialised"
    """Its intent is on disk; nothing was sent."""
    SUBMITTED = "submitted"
    """It is being sent, and the answer is not here."""
    ACCEPTED = "accepted"
    PARTIALLY_FILLED = "partially filled"
    FILLED = "filled"
    CANCEL_PENDING = "cancel pending"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    """It is certainly not in the book: refused, or never arrived."""
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """Sent, and nobody can tell whether it arrived: it is looked up, never sent again."""


class Role(StrEnum):
    """What an order is for. Its first letter of hex stands in the client id, so an id alone tells it."""

    ENTRY = "entry"
    EXIT = "exit"
    STOP = "stop"
    FLATTEN = "flatten"


class Step(StrEnum):
    """What can happen to an order."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    DOUBT = "doubt"
    VANISH = "vanish"
    PART = "part"
    """A trade of it became known, and some of it is still to be filled."""
    WHOLE = "whole"
    """The trades known, or the exchange's word, fill it wholly."""
    ASK_CANCEL = "ask cancel"
    CANCEL = "cancel"
    REJECT = "reject"
    EXPIRE = "expire"


_S = OrderState
LIVE = frozenset({_S.SUBMITTED, _S.ACCEPTED, _S.PARTIALLY_FILLED, _S.CANCEL_PENDING, _S.UNKNOWN})
"""It is in the book, or may be."""
OPEN = LIVE | {_S.INITIALISED}
ENDED = frozenset(OrderState) - OPEN
_UNANSWERED = {_S.SUBMITTED, _S.UNKNOWN}

TRANSITIONS: dict[Step, dict[OrderState, OrderState]] = {
    Step.SUBMIT: {_S.INITIALISED: _S.SUBMITTED},
    # What was held to have never arrived can turn up after all; the exchange's word wins over our conclusion.
    Step.ACCEPT: dict.fromkeys({*_UNANSWERED, _S.INITIALISED, _S.REJECTED}, _S.ACCEPTED),
    Step.DOUBT: {_S.SUBMITTED: _S.UNKNOWN},
    Step.VANISH: dict.fromkeys(LIVE - _UNANSWERED, _S.UNKNOWN),
    # A trade may be told before its order is, and after the order's end: it is booked whatever the state says.
    Step.PART: dict.fromkeys(
        {*_UNANSWERED, _S.INITIALISED, _S.REJECTED, _S.ACCEPTED, _S.PARTIALLY_FILLED}, _S.PARTIALLY_FILLED
    ),
    Step.WHOLE: dict.fromkeys(OrderState, _S.FILLED),
    Step.ASK_CANCEL: dict.fromkeys(LIVE - _UNANSWERED, _S.CANCEL_PENDING),
    Step.CANCEL: dict.fromkeys(LIVE, _S.CANCELLED),
    Step.REJECT: dict.fromkeys({*_UNANSWERED, _S.INITIALISED}, _S.REJECTED),
    Step.EXPIRE: dict.fromkeys(OPEN, _S.EXPIRED),
}
"""The next state by what happened and the state before; what is not here changes nothing: it is old news."""


def after(state: OrderState, step: Step) -> OrderState:
    """The state once ``step`` is known; news that comes late or twice leaves it as it is."""
    return TRANSITIONS[step].get(state, state)
