"""Our client ids of 32 hexadecimal digits in the form that each exchange takes; without a form, nothing is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from re import fullmatch

from services.trading.venue.venue import VenueRefused


@dataclass(frozen=True, slots=True)
class Form:
    """How an id is written there, and read back; an id that is not in this form is told as it is."""

    write: Callable[[str], str]
    read: Callable[[str], str]


def _same(identity: str) -> str:
    return identity


def _as_uuid(identity: str) -> str:
    return "-".join((identity[:8], identity[8:12], identity[12:16], identity[16:20], identity[20:]))


def _of_uuid(written: str) -> str:
    bare = written.replace("-", "").lower()
    return bare if fullmatch("[0-9a-f]{32}", bare) and _as_uuid(bare) == written.lower() else written


FORMS: dict[str, Form] = {
    "binance": Form(_same, _same),  # at most 36 of [A-Za-z0-9-_]
    "kraken": Form(_as_uuid, _of_uuid),  # a UUID, or at most 18 characters
    "okx": Form(_same, _same),  # at most 32 of [A-Za-z0-9]
}


def form_of(exchange: str) -> Form:
    """Raises ``VenueRefused`` for an exchange of which nobody has found out what it takes."""
    if exchange not in FORMS:
        raise VenueRefused(f"it is not known how {exchange} takes client ids, so no order can be told from another")
    return FORMS[exchange]


def written(exchange: str, identity: str) -> str:
    """The id as it is sent. Raises ``VenueRefused`` for one that is not ours to send."""
    if not fullmatch("[0-9a-f]{32}", identity):
        raise VenueRefused(f"{identity!r} is no client id of ours: it has 32 hexadecimal digits")
    return form_of(exchange).write(identity)
