"""Opens an exchange by ccxt: every address replaced, no rounding of numbers, no retries, behind the jail."""

from dataclasses import dataclass
from typing import Any

from services.trading.venue.access import Access, origin, split
from services.trading.venue.addresses import origins, replaced
from services.trading.venue.dialect import Dialect
from services.trading.venue.jail import Jail
from services.trading.venue.limiter import Limiter
from services.trading.venue.venue import VenueRefused


@dataclass(frozen=True)
class Opened:
    """ccxt's exchange and what its transport has seen."""

    exchange: Any
    line: Any


def jail_of(access: Access, dialect: Dialect, addresses: Any) -> Jail:
    """What may be asked: the address given, or the exchange's own for what we use of it."""
    if access.address:
        home = split(access.address)
        stream = home._replace(scheme="ws" if home.scheme == "http" else "wss")
        return Jail(frozenset({origin(home), origin(stream)}))
    return Jail(origins({name: each for name, each in addresses["api"].items() if name in dialect.apis}))


def configured(exchange: Any, access: Access, dialect: Dialect) -> Jail:
    """Set up an exchange just made, sync or async alike; raises ``VenueRefused`` where an address escapes."""
    exchange.number = str  # float loses digits, and Decimal silently loses fees
    for name, value in dialect.options.items():
        known = exchange.options.get(name)
        exchange.options[name] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    exchange.enableRateLimit = False  # ours is shared
    exchange.enableLastJsonResponse = True  # by which an answer's shape is seen
    if access.address:
        exchange.urls = replaced(exchange.urls, access.address)
    exchange.set_sandbox_mode = _no_sandbox  # it would put other addresses in their place
    jail = jail_of(access, dialect, exchange.urls)
    if access.address and (escaped := origins(exchange.urls) - jail.allowed):
        raise VenueRefused(f"{access.exchange} would still be asked at {', '.join(sorted(escaped))}")
    return jail


def open_exchange(access: Access, dialect: Dialect, limiter: Limiter, timeout: float) -> Opened:
    """ccxt's exchange behind its jail. Costs a second where ccxt was not imported yet; asks nothing."""
    import ccxt

    from services.trading.venue.transport import Line

    settings = {"apiKey": access.key, "secret": access.secret, "timeout": int(timeout * 1000)}
    exchange = getattr(ccxt, access.exchange)(settings)
    line = Line(configured(exchange, access, dialect), limiter.told)
    exchange.session.close()
    exchange.session = line.session()
    return Opened(exchange, line)


def _no_sandbox(enabled: bool) -> None:
    raise VenueRefused("the sandbox is chosen by its address, trading.api_url")
