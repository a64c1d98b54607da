"""Every address of an exchange, replaced or kept; and the few that may be spoken to."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from services.trading.venue.access import origin, split

_STREAMS = ("ws", "wss")


def replaced(addresses: Any, by: str) -> Any:
    """Every address in ccxt's nested ``urls``, streams too, moved to ``by`` with its own path."""
    if isinstance(addresses, Mapping):
        return {name: replaced(each, by) for name, each in addresses.items()}
    if isinstance(addresses, list):
        return [replaced(each, by) for each in addresses]
    return _moved(addresses, by) if isinstance(addresses, str) and "://" in addresses else addresses


def origins(addresses: Any) -> frozenset[str]:
    """Scheme, host and port of each address in a nested ``urls``."""
    return frozenset(origin(urlsplit(each)) for each in _each(addresses))


def _moved(address: str, by: str) -> str:
    home, parts = split(by), urlsplit(address)
    scheme = home.scheme
    if parts.scheme in _STREAMS:
        scheme = "ws" if home.scheme == "http" else "wss"
    return parts._replace(scheme=scheme, netloc=home.netloc, path=home.path.rstrip("/") + parts.path).geturl()


def _each(addresses: Any) -> Iterator[str]:
    if isinstance(addresses, Mapping):
        for each in addresses.values():
            yield from _each(each)
    elif isinstance(addresses, list):
        for each in addresses:
            yield from _each(each)
    elif isinstance(addresses, str) and "://" in addresses:
        yield addresses
