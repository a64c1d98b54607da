"""One request: its turn at the limiter, its errors sorted into what certainly did not happen and what may have."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from services.trading.venue.dialect import Call
from services.trading.venue.limiter import Limiter, TurnedAway
from services.trading.venue.opening import Opened
from services.trading.venue.venue import (
    CannotMove,
    KeyRefused,
    NoAnswer,
    NotSent,
    NotThere,
    Unreached,
    VenueRefused,
    VenueUnsure,
)

T = TypeVar("T")

_CERTAIN = ("InvalidOrder", "InsufficientFunds", "BadRequest", "AuthenticationError", "OperationRejected",
            "NotSupported", "ArgumentsRequired", "InvalidNonce")  # fmt: skip
"""Refusals that were read in an answer of the exchange. All else may have been obeyed."""
_HALVES = (-2021, -2022)
"""Binance's codes for an order that was taken out and the other refused, and for neither."""
_NEVER_MOVED = "Order cancel-replace is not supported"
"""In Binance's words for a market on which no order takes another's place; its numbers for them differ."""
_SAID = re.compile(r'"code":\s*"?(?P<code>-?\w+)"?,\s*"msg":\s*"(?P<said>[^"]*)"')
_NOT_EVEN = ("DuplicateOrderId", "ChecksumError", "OrderNotCached")


class ClockOff(VenueRefused):
    """The request's time was outside of what the exchange takes; nothing was done."""


def ask(opened: Opened, limiter: Limiter, call: Call, request: Callable[[Any], T]) -> T:
    """Send what ``request`` asks of ccxt. Raises ``VenueRefused`` or ``VenueUnsure``, in words without a key."""
    sent = opened.line.sent
    sent.clear()
    opened.exchange.last_json_response = None
    try:
        limiter.turn(call.weight, call.urgent)
        answer = request(opened.exchange)
        _check_shape(opened.exchange.last_json_response, call)
        return answer
    except TurnedAway as away:
        raise NotSent(f"not sent: {away}") from away
    except (VenueRefused, VenueUnsure):
        raise
    except Exception as error:
        if sent.status in (418, 429) and (told := limiter.standing).until is not None:
            raise VenueUnsure(str(TurnedAway(told.why, told.until))) from error
        raise _sorted(error, sent.requests, sent.status) from error


def half_done(exchange: Any, request: Callable[[], object]) -> object:
    """The answer to a request that takes an order out for another: it tells of each, also where one was refused.

    ccxt raises an error for that, and keeps the answer. Raises ``CannotMove`` where the exchange never does that there.
    """
    try:
        request()
    except Exception as error:
        told = exchange.last_json_response
        if _NEVER_MOVED in str(told):
            raise CannotMove(f"{_NEVER_MOVED} for this symbol") from error
        if not isinstance(told, dict) or told.get("code") not in _HALVES or not isinstance(told.get("data"), dict):
            raise
        return told["data"]
    return exchange.last_json_response


def _check_shape(answer: object, call: Call) -> None:
    """ccxt reads a page of HTML as an empty account and an empty book: what it read is looked at."""
    for name in call.lists:
        found = answer if not name else answer.get(name) if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise VenueUnsure("an answer that makes no sense (it is not what was asked for)")


def _sorted(error: Exception, requests: int, status: int | None) -> Exception:
    """The error as the port tells it; ccxt's own words are kept only where they are the exchange's answer."""
    kinds = {each.__name__ for each in type(error).__mro__}
    if "BaseError" not in kinds:
        return _strange(error, requests)
    refusal = status is not None and 400 <= status < 500 and status not in (408, 418, 429)
    duplicate = bool(kinds & {*_NOT_EVEN}) or "duplicate" in str(error).lower()
    waited = "RequestTimeout" in kinds and status is None
    if not requests:
        lost = "OperationFailed" in kinds
        gone = Unreached if waited else NotSent
        return gone("not sent: the exchange cannot be reached") if lost else VenueRefused(f"not sent: {error}")
    if not refusal or duplicate or not kinds & {*_CERTAIN}:
        told = f"{f'an answer of status {status}' if status else 'no answer'} ({type(error).__name__})"
        return NoAnswer(told) if waited else VenueUnsure(told)
    if "InvalidNonce" in kinds:
        return ClockOff(str(error))
    if "AuthenticationError" in kinds:
        return KeyRefused(f"the exchange refuses the key: {_own_words(error)}")
    return NotThere(str(error)) if "OrderNotFound" in kinds else VenueRefused(str(error))


def _own_words(error: Exception) -> str:
    """What the exchange itself says, and its number for it, without the wrapping."""
    found = _SAID.search(str(error))
    return f"{found['said'].rstrip('.')} ({found['code']})" if found else str(error)


def _strange(error: Exception, requests: int) -> Exception:
    """Not ccxt's own: an answer that could not be read, or a mistake before anything was sent."""
    if not requests:
        return VenueRefused(f"not sent: {type(error).__name__}: {error}")
    return VenueUnsure(f"an answer that makes no sense ({type(error).__name__}: {error})")
