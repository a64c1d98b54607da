"""The tape of each trading bot: its session, what it has traded and why. Folded from the journal."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.events import Recorded
from services.core.projections.projection import Projection
from services.trading.anomalies.events import AnomalySeen
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.fills import Side
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.session import position_name

KEPT = 600
"""Rows of each bot that are remembered: some hundred round trips."""
KEPT_ANOMALIES = 200


@dataclass(frozen=True, slots=True)
class TapeRow:
    """A fill, or a signal that became no trade; money is in quote, quantities in base."""

    id: str
    at: datetime
    """When Dreamscape knew it."""
    session: int
    side: Side
    candle: datetime
    """Open of the bar that decided."""
    quantity: float = 0.0
    price: float = 0.0
    fee: float = 0.0
    cash: float = 0.0
    held: float = 0.0
    equity: float = 0.0
    trades: int = 0
    because: dict[str, Any] | str = ""
    """What the terms said at the bar that decided, or which rule asked for it."""
    declined: str = ""
    """Why it became no trade; empty for a fill."""
    traded: datetime | None = None
    """When the exchange filled it; None on paper, where a bar fills it."""
    fee_in: str = ""
    """The currency of the fee, where that is not the quote by convention."""


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order of which nobody has told yet what came of it."""

    id: str
    at: datetime
    what: str
    because: dict[str, Any] | str
    unknown: bool = False
    """Nobody could tell; it is looked up."""
    side: Side | None = None
    """Of one at the exchange, and what follows: what is left of it, and its price or trigger."""
    quantity: float = 0.0
    price: float = 0.0
    stop: bool = False
    """Whether it is the stop of what is held."""


@dataclass(frozen=True, slots=True)
class SeenAnomaly:
    """Something unusual on the bot's market."""

    id: int
    at: datetime
    session: int
    candle: datetime
    kind: str
    what: str
    up: bool
    value: float
    limit: float
    price: float


@dataclass(frozen=True, slots=True)
class BotTape:
    """One bot. The session's facts are those of its beginning; ``label`` says what its candles are."""

    bot: str
    strategy: str
    version: str
    session: int
    market: str
    timeframe: str
    label: str
    because: str
    candles: int
    first: datetime
    last: datetime
    began: datetime
    capital: float
    fill: str
    fee_rate: float
    ended: bool = False
    rows: tuple[TapeRow, ...] = ()
    """Oldest first, of this session and of those before."""
    open: tuple[OpenOrder, ...] = ()
    anomalies: tuple[SeenAnomaly, ...] = ()
    """The newest of all sessions, oldest first."""
    complete: bool = True
    """Whether no row of this session has been let go of."""
    exchange: bool = False
    """Whether it is traded at the exchange, with the account's money."""
    realised: float = 0.0
    """What its trades that are over brought there, in quote."""
    latches: tuple[str, ...] = ()
    """The account's guards that keep it from buying, each with why."""

    @property
    def of_session(self) -> tuple[TapeRow, ...]:
        """The fills of this session, oldest first."""
        return tuple(row for row in self.rows if row.session == self.session and not row.declined)

    @property
    def account(self) -> TapeRow | None:
        """How the account stood after the newest fill; None before the first."""
        return next((row for row in reversed(self.rows) if row.session == self.session and not row.declined), None)

    @property
    def position(self) -> str:
        """What the position that is held is called, as ``SessionState.position`` is; empty where none is."""
        account = self.account
        held = account is not None and account.held and not self.ended
        return position_name(self.session, account.trades) if account is not None and held else ""


@dataclass
class _Tapes:
    bots: dict[str, BotTape] = field(default_factory=dict)
    rows: dict[str, list[TapeRow]] = field(default_factory=dict)
    open: dict[str, dict[str, OpenOrder]] = field(default_factory=dict)
    reasons: dict[str, dict[str, Any] | str] = field(default_factory=dict)
    """By client id: why an order was placed, between its outcome and the bot's word of the fill."""
    anomalies: dict[str, list[SeenAnomaly]] = field(default_factory=dict)
    let_go: dict[str, int] = field(default_factory=dict)
    """The session of the newest row that is here no more."""


class TradingTapes(Projection[_Tapes, tuple[BotTape, ...]]):
    """The bots by name, each with its newest rows."""

    name = "trading.tapes"
    State = _Tapes
    handles = (SessionStarted, SessionEnded, Filled, OrderDeclined, AnomalySeen, DecisionTaken, DecisionChanged)

    def value(self) -> tuple[BotTape, ...]:
        return tuple(self._told(name) for name in sorted(self.state.bots))

    def fold(self, recorded: Recorded) -> None:
        """Take one event; orders of other kinds and bots without a session change nothing."""
        bot = recorded.source
        match recorded.event:
            case SessionStarted() as begun:
                self.state.bots[bot] = _begun(bot, begun, recorded.at)
            case SessionEnded() if bot in self.state.bots:
                self.state.bots[bot] = replace(self.state.bots[bot], ended=True)
            case Filled() as filled if bot in self.state.bots:
                why = self.state.reasons.pop(filled.client_id, "")
                self._keep(bot, _filled(filled, recorded.at, why))
            case OrderDeclined() as declined if bot in self.state.bots:
                self._keep(bot, _declined(declined, recorded))
            case AnomalySeen() as seen if bot in self.state.bots:
                anomalies = self.state.anomalies.setdefault(bot, [])
                anomalies.append(seen_of(seen, recorded))
                del anomalies[:-KEPT_ANOMALIES]
            case DecisionTaken() as taken if taken.kind == PlaceOrder.type_name:
                order = OpenOrder(taken.id, recorded.at, taken.what, taken.because)
                self.state.open.setdefault(taken.process, {})[taken.id] = order
            case DecisionChanged() as changed:
                self._settle(changed)

    def _settle(self, changed: DecisionChanged) -> None:
        for orders in self.state.open.values():
            order = orders.get(changed.id)
            if order is None:
                continue
            if changed.verdict is Verdict.UNKNOWN:
                orders[changed.id] = replace(order, unknown=True)
                return
            del orders[changed.id]
            client_id = changed.outcome.get("client_id")
            if changed.verdict is Verdict.DONE and isinstance(client_id, str):
                self.state.reasons[client_id] = order.because
            return

    def _keep(self, bot: str, row: TapeRow) -> None:
        rows = self.state.rows.setdefault(bot, [])
        rows.append(row)
        if len(rows) > KEPT * 1.2:
            self.state.let_go[bot] = rows[-KEPT - 1].session
            del rows[:-KEPT]

    def _told(self, bot: str) -> BotTape:
        known = self.state.bots[bot]
        return replace(
            known,
            rows=tuple(self.state.rows.get(bot, ())),
            open=tuple(self.state.open.get(bot, {}).values()),
            anomalies=tuple(self.state.anomalies.get(bot, ())),
            complete=self.state.let_go.get(bot, 0) < known.session,
        )


def _begun(bot: str, begun: SessionStarted, at: datetime) -> BotTape:
    return BotTape(
        bot,
        begun.strategy,
        begun.version,
        begun.session,
        begun.market,
        begun.timeframe,
        begun.label,
        begun.because,
        begun.candles,
        begun.first,
        begun.last,
        at,
        begun.capital,
        begun.fill,
        begun.fee_rate,
    )


def _filled(filled: Filled, at: datetime, because: dict[str, Any] | str) -> TapeRow:
    return TapeRow(
        filled.client_id,
        at,
        filled.session,
        filled.side,
        filled.candle,
        filled.quantity,
        filled.price,
        filled.fee,
        filled.cash,
        filled.held,
        filled.equity,
        filled.trades,
        because,
    )


def _declined(declined: OrderDeclined, recorded: Recorded) -> TapeRow:
    identity = f"declined:{recorded.seq}"
    return TapeRow(identity, recorded.at, declined.session, declined.side, declined.candle, declined=declined.why)


def seen_of(seen: AnomalySeen, recorded: Recorded) -> SeenAnomaly:
    """As a tape keeps it."""
    return SeenAnomaly(
        recorded.seq,
        recorded.at,
        seen.session,
        seen.candle,
        seen.kind,
        seen.what,
        seen.up,
        seen.value,
        seen.limit,
        seen.price,
    )
