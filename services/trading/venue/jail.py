"""Where requests may go: the account's own addresses and nowhere else, whatever a library or an answer says."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from services.trading.venue.access import origin


class Jailed(Exception):
    """A request to somewhere else was refused before a byte of it went out."""


@dataclass(frozen=True, slots=True)
class Jail:
    """``allowed`` are origins: scheme, host and port."""

    allowed: frozenset[str]

    def check(self, address: str) -> None:
        """Raises ``Jailed`` for an address outside; the words carry neither its path nor its query."""
        try:
            where = origin(urlsplit(address))
        except ValueError:
            where = "an address that cannot be read"
        if where not in self.allowed:
            raise Jailed(f"a request to {where} was refused: only {', '.join(sorted(self.allowed))} may be asked")

    def check_peer(self, host: str, port: int) -> None:
        """The same of a connection about to be opened, whatever speaks over it."""
        if not any(urlsplit(each).hostname == host.lower() and urlsplit(each).port == port for each in self.allowed):
            raise Jailed(f"a connection to {host}:{port} was refused")
