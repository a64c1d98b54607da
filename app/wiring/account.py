"""The exchange account that the settings name: its ledger, its lease, its mark, and how its venue is opened."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.environment import Environment
from app.paths import Home
from app.settings.model import Trading
from app.wiring.left_behind import settle_left_behind
from app.wiring.live_bots import absent_bots, live_bots
from app.wiring.live_markets import equip_markets, live_markets
from app.wiring.own_files.files import layered
from app.wiring.plans.kind_names import ACCOUNT
from app.wiring.plans.kinds import path_of
from app.wiring.unprotected import tell_unprotected, unprotected_bots
from services.core.clock import Clock
from services.core.commands import Command
from services.core.commands.command import Obey, given
from services.core.errors import UserError
from services.core.events import Event
from services.core.journal import Journal
from services.core.process import Process
from services.orchestrator.definitions.plan import Plan
from services.trading.desk.asking import AskDesk, EnterPosition, LeavePosition
from services.trading.desk.commands import ClosePosition, DisarmAccount, Obeying, StopAccount
from services.trading.desk.desk import Opening
from services.trading.desk.door import Door
from services.trading.desk.inbox import Answered
from services.trading.desk.keeper import Account, AccountKeeper
from services.trading.desk.lease import Lease
from services.trading.desk.limits import Limits
from services.trading.desk.telling import NAMES
from services.trading.desk.waiting import HoldNeverArrived, OpenMarket, SellLeftBehind
from services.trading.live.equipment import Equipment
from services.trading.live.trader import LiveTrader
from services.trading.live_feed import LiveMarkets
from services.trading.strategy import load_strategy
from services.trading.venue.access import Access, on_this_machine, split
from services.trading.venue.arming import CAPS, Wish
from services.trading.venue.limiter import Limiters

if TYPE_CHECKING:
    from app.engine import Engine
    from services.trading.venue.ccxt_venue import CcxtVenue

_INSTANCE = re.compile("[0-9a-f]{8}")
_REDUCING = (StopAccount, ClosePosition, DisarmAccount)
"""What only reduces what is at stake: the account's own ledger keeps it, and it waits for no disk."""


def access_of(trading: Trading) -> Access | None:
    """Which account, by which key; None where the settings name none whole."""
    if trading.exchange is None or trading.api_key is None or trading.api_secret is None:
        return None
    secret = trading.api_secret.get_secret_value()
    return Access(trading.exchange, trading.api_url or "", trading.api_key.get_secret_value(), secret)


def account_of(
    home: Home,
    trading: Trading,
    clock: Clock,
    unarmed: Callable[[], str] = lambda: "",
    limiters: Limiters | None = None,
) -> Account | None:
    """What the account is kept with; None where the settings name none. ``limiters`` are shared by all who ask."""
    access = access_of(trading)
    if access is None:
        return None
    home.accounts.mkdir(0o700, exist_ok=True)
    name = _file_name(access)
    opening = Opening(
        instance_of(home.accounts / "instance"),
        limits_of(trading),
        markets_of(home),
        is_live(trading),
        access.digest,
        unarmed,
    )
    venue = partial(_venue, access, clock, limiters or Limiters(clock))
    return Account(home.accounts / f"{name}.db", home.accounts / f"{name}.lease", venue, opening)


def markets_of(home: Home) -> list[str]:
    """The markets that strategies of this home name: something of ours may lie there unknown to a lost ledger."""
    found = set()
    for path in (
        *layered("trading", home.strategies).values(),
        *layered("trading", home.taken / "strategies").values(),
    ):
        try:
            found.add(load_strategy(path).market.symbol)
        except UserError:  # told where the strategy would run
            continue
    return sorted(found)


def open_door(engine: Engine) -> Door:
    """Who carries out what strategies ask of the account; there before what was left open is asked about."""
    door = Door(engine.clock)
    asking, answered = AskDesk(door), Answered(door)
    engine.acts.handlers.update({EnterPosition: asking, LeavePosition: asking})
    engine.acts.handlers.update({HoldNeverArrived: answered, OpenMarket: answered, SellLeftBehind: answered})
    return door


def keep_account(engine: Engine, home: Home, trading: Trading, environment: Environment, door: Door) -> list[Plan]:
    """Put the account under supervision, with who obeys its commands; nothing where the settings name none."""

    def wish(typed: str) -> Wish:
        bots = unprotected_bots(unit.plan for unit in tuple(engine.orchestrator.units.values()))
        return replace(wish_of(trading, environment, typed), unprotected=bots)

    for kind, obey in Obeying(door, wish).handlers().items():
        engine.commands.register(kind, partial(_journalled, engine, obey))
    limiters = Limiters(engine.clock)
    equip_markets(engine, home, trading, limiters)
    account = account_of(home, trading, engine.clock, partial(_why_not_live, trading, environment), limiters)
    access = access_of(trading)
    if account is None or access is None:
        return []
    door.requests = lambda: limiters.standing().get(access.account)
    launcher = engine.orchestrator.supervisor.launcher
    if markets := live_markets(home, trading, engine.clock, limiters):
        launcher.equip[path_of(LiveTrader)] = partial(
            _equip, door, markets, partial(tell_unprotected, engine.journal), home.live_bars
        )
    known = replace(
        account.opening,
        bots=partial(live_bots, engine),
        absent=partial(absent_bots, engine),
        named=lambda: tuple(engine.orchestrator.units),
    )
    keeper = AccountKeeper(replace(account, opening=known), door, partial(_told_before, engine.journal),
                           partial(settle_left_behind, engine.journal))  # fmt: skip
    plan = Plan(
        name=ACCOUNT,
        path=f"object:{ACCOUNT}",
        service=AccountKeeper.service,
        isolation=AccountKeeper.isolation,
        heartbeat=AccountKeeper.heartbeat,
        priority=0,
        goes_on=True,
        can_pause=False,
        always=True,
    )
    launcher.prepared[plan.path] = keeper
    return [plan]


def _told_before(journal: Journal) -> Iterator[Event]:
    """What the journal has of accounts' ledgers."""
    return (each.event for each in journal.read(names=dict.fromkeys(NAMES, 0)))


def _journalled(engine: Engine, obey: Obey, command: Command, by: str) -> Future[Any]:
    """It acts outside: that it was given is on disk before, but for what only reduces what is at stake."""
    written, done = engine.journal.append(given(command, by)), Future[Any]()

    def go_on(kept: Future[Any] | None = None) -> None:
        if error := kept and kept.exception():
            done.set_exception(error)
        else:
            obey(command, by).add_done_callback(partial(_told_to, engine, done))

    if isinstance(command, _REDUCING):
        go_on()
    else:
        written.add_done_callback(go_on)
    return done


def _told_to(engine: Engine, waiting: Future[Any], told: Future[Any]) -> None:
    """With what is wrong with the store, where it is not kept there for now."""
    if error := told.exception():
        waiting.set_exception(error)
        return
    result, trouble = told.result(), engine.journal.health.told
    if trouble and isinstance(result, dict):
        result = {**result, "amiss": "; ".join(filter(None, (result.get("amiss"), trouble)))}
    waiting.set_result(result)


def wish_of(trading: Trading, environment: Environment, typed: str) -> Wish:
    """How settings and environment stand to real money, with what a person typed."""
    access = access_of(trading)
    return Wish(
        exchange=trading.exchange or "",
        address=trading.api_url or "",
        has_key=access is not None,
        set_live=trading.live,
        typed=typed,
        allowed_here=environment.live_allowed,
        because_here=environment.live_because,
        uncapped=tuple(each for each in CAPS if getattr(trading.guards, each) is None),
        play_money=not is_live(trading),
    )


def _why_not_live(trading: Trading, environment: Environment) -> str:
    """Why nothing may be bought with real money, whoever armed it; play money needs nothing."""
    if not is_live(trading):
        return ""
    if not environment.live_allowed:
        return f"live trading is not allowed here: {environment.live_because}"
    return "" if trading.live else "the setting trading.live is off"


def is_live(trading: Trading) -> bool:
    """Whether the account's money is real: it is, but on an exchange of this machine where a person says otherwise.

    An address of this machine alone proves nothing: a tunnel or a proxy may lead from it to a real exchange.
    """
    here = trading.api_url is not None and on_this_machine(split(trading.api_url).hostname or "")
    return not (here and trading.play_money)


def ledger_of(home: Home, trading: Trading) -> Path | None:
    """Where the account's ledger is, if anything was ever kept of it."""
    access = access_of(trading)
    if access is None:
        return None
    path = home.accounts / f"{_file_name(access)}.db"
    return path if path.exists() else None


def was_kept(home: Home) -> bool:
    """Whether an account was ever kept here: without a mark, no order bears ours, whatever became of a ledger."""
    return (home.accounts / "instance").exists()


def other_ledgers(home: Home, account: Account | None) -> list[Path]:
    """The ledgers that were kept here of accounts other than this one."""
    own = account.ledger if account is not None else None
    return [path for path in sorted(home.accounts.glob("*.db")) if path != own]


def holder_of(ledger: Path) -> int:
    """The id of the process that keeps the account of a ledger; 0 where none does."""
    return Lease(ledger.with_suffix(".lease")).holder()


def _file_name(access: Access) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", access.account.lower())


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


def _venue(access: Access, clock: Clock, limiters: Limiters) -> CcxtVenue:
    """Opened at its first request; ccxt is imported only then."""
    from services.trading.venue.ccxt_venue import CcxtVenue

    return CcxtVenue(access, clock, limiters)


def _equip(door: Door, markets: LiveMarkets, tell: Callable[[str, bool], None], keep: Path, process: Process) -> None:
    """Give a trader its live parts: the door to the account, and what it reads without a key."""
    assert isinstance(process, LiveTrader)
    given = door, markets.market, markets.stream, markets.posts, markets.plugins, tell
    process.equip(Equipment(*given, markets.label, keep))
