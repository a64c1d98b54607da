"""The bars of the exchange that the settings name, for who reads them without an account."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.paths import Home
from app.recorded_posts import JournalRecord
from app.settings.model import Trading
from app.wiring.own_files.approved import Approved
from app.wiring.plans.kinds import path_of
from services.core.clock import Clock
from services.core.process import Process
from services.trading.learning.shadow_live import LiveShadowTrader
from services.trading.live_feed import LiveMarkets
from services.trading.paper.live_trader import PaperTrader
from services.trading.plugins.kept import KeptVersions
from services.trading.plugins.series import PluginTerms
from services.trading.venue.access import Access
from services.trading.venue.limiter import Limiters

if TYPE_CHECKING:
    from app.engine import Engine
    from services.trading.venue.bar_stream import BarStream
    from services.trading.venue.ccxt_venue import CcxtVenue


def equip_markets(engine: Engine, home: Home, trading: Trading, limiters: Limiters) -> None:
    """Have each reader of live bars given them; ``limiters`` are those of the account."""
    markets = live_markets(home, trading, engine.clock, limiters)
    if markets is None:
        return
    equip = engine.orchestrator.supervisor.launcher.equip
    for kind in (PaperTrader, LiveShadowTrader):
        equip[path_of(kind)] = partial(_equip, markets)


def live_markets(home: Home, trading: Trading, clock: Clock, limiters: Limiters) -> LiveMarkets | None:
    """None where no exchange is set; a key is neither needed nor given."""
    if trading.exchange is None:
        return None
    access = exchange_of(trading.exchange, trading.api_url)
    kept = KeptVersions(home.kept_plugins)
    plugins = PluginTerms(home.plugins, home.terms, Approved(home), clock, kept)
    return LiveMarkets(
        name=access.account,
        market=partial(_market, access, clock, limiters),
        stream=partial(_stream, access, clock, limiters),
        streams=trading.stream,
        posts=partial(JournalRecord, home.store),
        plugins=plugins,
    )


def exchange_of(exchange: str, address: str | None) -> Access:
    """Its public side."""
    return Access(exchange, address or "")


def live_name(trading: Trading) -> str:
    """What a label calls the set exchange; empty where none is."""
    return exchange_of(trading.exchange, trading.api_url).account if trading.exchange else ""


def _market(access: Access, clock: Clock, limiters: Limiters) -> CcxtVenue:
    """Opened at its first request; ccxt is imported only then."""
    from services.trading.venue.ccxt_venue import CcxtVenue

    return CcxtVenue(access, clock, limiters)


def _stream(access: Access, clock: Clock, limiters: Limiters, symbol: str, bar: timedelta) -> BarStream:
    from services.trading.venue.bar_stream import BarStream

    return BarStream(access, clock, limiters, symbol, bar)


def _equip(markets: LiveMarkets, process: Process) -> None:
    assert isinstance(process, PaperTrader | LiveShadowTrader)
    process.equip(markets)
