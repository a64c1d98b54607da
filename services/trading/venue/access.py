"""What opens an account: which exchange, at which address, with which key."""

import hmac
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from services.core.errors import UserError

_MEND = "Write it as https://HOST or, on this machine, http://127.0.0.1:PORT"


@dataclass(frozen=True, slots=True)
class Access:
    """``exchange`` as ccxt calls it; ``address`` replaces every address of it, and is its own where empty."""

    exchange: str
    address: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)

    def public(self) -> "Access":
        """The same without the key, for what anybody may ask."""
        return Access(self.exchange, self.address)

    @property
    def account(self) -> str:
        """What tells this account from others, in logs and in the limiter's name; never the key."""
        return f"{self.exchange} at {origin(split(self.address))}" if self.address else self.exchange

    @property
    def digest(self) -> str:
        """By which the key is known again. Who has not its secret as well learns nothing of it, not even by trying."""
        told = f"{self.account} {self.key}"
        return hmac.digest(self.secret.encode(), told.encode(), "sha256").hex()[:32] if self.key else ""


def split(address: str) -> SplitResult:
    """The parts of an address that may be spoken to. Raises ``UserError`` for one that may not, and says why."""
    where = "trading.api_url"
    if "@" in address:
        raise UserError("an address names no user and no password", where, _MEND)
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UserError(f"{address!r} is no address: {error}", where, _MEND) from error
    if parts.scheme not in ("http", "https") or not host:
        raise UserError(f"{address!r} is no address of an exchange, which begins with https://", where, _MEND)
    if parts.query or parts.fragment:
        raise UserError("an address has no query and no fragment", where, _MEND)
    if parts.scheme == "http" and not on_this_machine(host):
        raise UserError(f"http to {host} would send the key in the clear", where, _MEND)
    return parts


def origin(parts: SplitResult) -> str:
    """Scheme, host and port, the port always written."""
    port = parts.port or {"http": 80, "ws": 80}.get(parts.scheme, 443)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine, by its name or address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
