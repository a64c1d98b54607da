"""The exchange account that the settings name: its ledger, its lease, its mark, and how its venue is opened."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from app.paths import Home
from app.settings.model import Trading
from services.core.clock import Clock
from services.core.errors import UserError
from services.trading.desk.desk import Opening
from services.trading.desk.keeper import Account
from services.trading.desk.limits import Limits
from services.trading.venue.access import Access
from services.trading.venue.venue import Venue

_INSTANCE = re.compile("[0-9a-f]{8}")


def access_of(trading: Trading) -> Access | None:
    """Which account, by which key; None where the settings name none whole."""
    if trading.exchange is None or trading.api_key is None or trading.api_secret is None:
        return None
    secret = trading.api_secret.get_secret_value()
    return Access(trading.exchange, trading.api_url or "", trading.api_key.get_secret_value(), secret)


def account_of(home: Home, trading: Trading, clock: Clock, unarmed: Callable[[], str] = lambda: "") -> Account | None:
    """What the account is kept with; None where the settings name none."""
    access = access_of(trading)
    if access is None:
        return None
    home.accounts.mkdir(0o700, exist_ok=True)
    name = re.sub(r"[^a-z0-9.]+", "-", access.account.lower())
    live = not access.address
    opening = Opening(instance_of(home.accounts / "instance"), limits_of(trading), (), live, unarmed)
    return Account(
        home.accounts / f"{name}.db", home.accounts / f"{name}.lease", lambda: _venue(access, clock), opening
    )


def ledger_of(home: Home, trading: Trading) -> Path | None:
    """Where the account's ledger is, if anything was ever kept of it."""
    access = access_of(trading)
    if access is None:
        return None
    path = home.accounts / f"{re.sub(r'[^a-z0-9.]+', '-', access.account.lower())}.db"
    return path if path.exists() else None


def limits_of(trading: Trading) -> Limits:
    """The guards' settings as the desk takes them."""
    guards = trading.guards
    return Limits(
        currency=guards.currency,
        size=guards.size,
        exposure=guards.exposure,
        daily_loss=guards.daily_loss,
        drawdown=guards.drawdown,
        capital=guards.capital,
        cool_down=timedelta(seconds=guards.cool_down_seconds),
        rejected_streak=guards.rejected_streak,
        collar=guards.collar,
        spread=guards.spread,
        orders_per_bot=guards.orders_per_bot,
        orders_per_account=guards.orders_per_account,
        open_orders=guards.open_orders,
        small_trips=guards.first_trips,
        small_size=guards.first_size,
        day_starts=trading.day_starts,
    )


def instance_of(path: Path) -> str:
    """The mark of this home's orders: made once, and kept apart from the ledger, which may be lost.

    Raises ``UserError`` for a file that holds no such mark: with another one, our own orders would be strangers.
    """
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(made := os.urandom(4).hex())
            file.flush()
            os.fsync(file.fileno())
        return made
    except FileExistsError:
        kept = path.read_text(encoding="ascii", errors="replace").strip()
    if not _INSTANCE.fullmatch(kept):
        mend = "put back the 8 hexadecimal digits that stood there: by them Dreamscape knows its own orders"
        raise UserError(f"{kept[:20]!r} is no mark of orders", str(path), mend)
    return kept


def _venue(access: Access, clock: Clock) -> Venue:
    """Opened at its first request; ccxt is imported only then."""
    from services.trading.venue.ccxt_venue import CcxtVenue
    from services.trading.venue.limiter import Limiters

    return CcxtVenue(access, clock, Limiters(clock))
