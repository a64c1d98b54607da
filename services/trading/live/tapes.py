"""The tape of each bot at the exchange: what the account did for it, and why. Folded from the journal."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.durations import parse_duration
from services.core.events import Event, Recorded
from services.core.projections.projection import Projection
from services.trading.anomalies.events import AnomalySeen
from services.trading.desk import events as desk
from services.trading.desk.guards.standing import ACCOUNT
from services.trading.desk.holding import Holding
from services.trading.desk.kinds import ENTER, LEAVE
from services.trading.desk.order import Order, applied, begun
from services.trading.desk.states import OrderState, Role
from services.trading.events import LiveBegan
from services.trading.fills import Side
from services.trading.tape import KEPT, KEPT_ANOMALIES, BotTape, OpenOrder, SeenAnomaly, TapeRow, seen_of

REMEMBERED = 300
"""Orders that are over, and decisions, of which something may still be told."""
_OF_ORDERS = (
    desk.OrderSubmitted,
    desk.OrderAccepted,
    desk.OrderDoubted,
    desk.OrderSentAgain,
    desk.OrderVanished,
    desk.OrderFilled,
    desk.CancelAsked,
    desk.OrderCompleted,
    desk.OrderCancelled,
    desk.OrderExpired,
    desk.OrderRejected,
    desk.Resolved,
)


@dataclass
class Decided:
    """What a bot asked the account for, at which bar, and why."""

    bot: str
    side: Side
    bar: str
    because: dict[str, Any] | str


@dataclass
class _Bot:
    """What is known of one bot, before and after it told that it trades; of its capital only then."""

    tape: BotTape | None = None
    rows: list[TapeRow] = field(default_factory=list)
    anomalies: list[SeenAnomaly] = field(default_factory=list)
    holdings: dict[str, Holding] = field(default_factory=dict)
    """By market."""
    leaving: dict[str, str] = field(default_factory=dict)
    """By market, why what is held there is being sold."""
    realised: Decimal = Decimal(0)
    trades: int = 0
    let_go: int = 0
    """The session of the newest row that is here no more."""


@dataclass
class _Tapes:
    bots: dict[str, _Bot] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    """By client id, those that are not over and the newest of those that are."""
    decided: dict[str, Decided] = field(default_factory=dict)
    """By the id of the decision."""
    latches: dict[str, str] = field(default_factory=dict)
    """By guard and scope, in the order in which they closed, with why."""


class ExchangeTapes(Projection[_Tapes, tuple[BotTape, ...]]):
    """The bots that trade at the exchange by name, each with its newest rows.

    A session is the time on one market of one exchange. What its trades brought goes on over new versions of the
    strategy, as the account gives it to the bot to trade with.
    """

    name = "trading.exchange_tapes"
    State = _Tapes
    handles = (
        LiveBegan,
        AnomalySeen,
        DecisionTaken,
        DecisionChanged,
        desk.OrderInitialised,
        desk.OrderAdopted,
        *_OF_ORDERS,
        desk.PositionClosed,
        desk.ExitAsked,
        desk.Latched,
        desk.Rearmed,
    )

    def value(self) -> tuple[BotTape, ...]:
        return tuple(self._told(name) for name, bot in sorted(self.state.bots.items()) if bot.tape is not None)

    def fold(self, recorded: Recorded) -> None:
        """Take one event; what a bot did before it told that it trades is kept until it does."""
        match recorded.event:
            case LiveBegan() as told:
                self._begin(recorded.source, told, recorded.at)
            case AnomalySeen() as seen if (bot := self.state.bots.get(recorded.source)) and bot.tape is not None:
                bot.anomalies.append(replace(seen_of(seen, recorded), session=bot.tape.session))
                del bot.anomalies[:-KEPT_ANOMALIES]
            case DecisionTaken() as taken if taken.kind in (ENTER, LEAVE):
                self._decide(taken)
            case DecisionChanged() as changed if changed.verdict is Verdict.NOT_DONE:
                self._decline(changed, recorded.at)
            case desk.OrderInitialised() | desk.OrderAdopted() as intent:
                self.state.orders.setdefault(intent.client_id, begun(intent))
                self._forget()
            case desk.PositionClosed() as closed:
                self._close(closed)
            case desk.ExitAsked() as asked:
                self._bot(asked.bot).leaving[asked.symbol] = asked.why
            case desk.Latched() as latched:
                self.state.latches.setdefault(_latch(latched.guard, latched.scope), latched.why)
            case desk.Rearmed() as rearmed:
                self.state.latches.pop(_latch(rearmed.guard, rearmed.scope), None)
            case event:
                self._step(event, recorded.at)

    def _bot(self, name: str) -> _Bot:
        return self.state.bots.setdefault(name, _Bot())

    def _begin(self, name: str, told: LiveBegan, at: datetime) -> None:
        bot = self._bot(name)
        before = bot.tape
        goes_on = before is not None and (before.market, before.label) == (told.market, told.label)
        if before is not None and before.label != told.label:  # another account, of which nothing is held
            bot.holdings.clear()
            bot.realised = Decimal(0)
        session = before.session if before and goes_on else before.session + 1 if before else 1
        same = goes_on and before is not None and before.version == told.version
        began = before.began if same and before is not None else at
        if more := told.capital - (before.capital if before else 0.0):
            bot.rows = [row if row.declined else _with(row, more) for row in bot.rows]
        bot.tape = BotTape(
            name, told.strategy, told.version, session, told.market, told.timeframe, told.label, "", 0, told.last,
            told.last, began, told.capital, told.fill, told.fee_rate, exchange=True,
        )  # fmt: skip

    def _decide(self, taken: DecisionTaken) -> None:
        because = taken.because
        bar = str(because.get("bar", "")) if isinstance(because, dict) else ""
        side = Side.BUY if taken.kind == ENTER else Side.SELL
        self.state.decided[taken.id] = Decided(taken.process, side, bar, because)
        for known in list(self.state.decided)[:-REMEMBERED]:
            del self.state.decided[known]

    def _decline(self, changed: DecisionChanged, at: datetime) -> None:
        """An entry that the account did not take on, or of which nothing was bought."""
        decided = self.state.decided.get(changed.id)
        if decided is None or decided.side is Side.SELL:
            return
        bot = self._bot(decided.bot)
        identity = f"declined:{changed.id}"
        bot.rows = [row for row in bot.rows if row.id != identity]
        session = bot.tape.session if bot.tape else 1
        self._keep(bot, TapeRow(identity, at, session, Side.BUY, _moment(decided.bar) or at, declined=changed.why))

    def _step(self, event: Event, at: datetime) -> None:
        order = self.state.orders.get(getattr(event, "client_id", ""))
        if order is None:
            return
        now = self.state.orders[order.client_id] = applied(event, order)
        if isinstance(event, desk.OrderFilled) and now is not order:
            self._fill(now, event, at)

    def _fill(self, order: Order, fill: desk.OrderFilled, at: datetime) -> None:
        bot = self._bot(order.bot)
        holding = bot.holdings.get(order.symbol, Holding(order.bot, order.symbol)).after(order.side, fill)
        bot.holdings[order.symbol] = holding
        if bot.tape is not None and bot.tape.market != order.symbol:
            return
        brought = sum((each.net for each in bot.holdings.values() if each.quote == holding.quote), Decimal(0))
        cause = order.cause.rsplit("#", 1)[0]
        price, held, cash = float(fill.price), float(holding.quantity), float(brought)
        cash += bot.tape.capital if bot.tape else 0.0
        row = TapeRow(
            f"{order.client_id}/{fill.trade_id}", at, bot.tape.session if bot.tape else 1, order.side,
            _moment(cause) or _opened(fill.at, bot.tape), float(fill.quantity), price, float(fill.fee), cash, held,
            cash + held * price, bot.trades, self._why(order, cause), traded=fill.at, fee_in=fill.fee_currency,
        )  # fmt: skip
        self._keep(bot, row)

    def _why(self, order: Order, cause: str) -> dict[str, Any] | str:
        if order.role is Role.STOP:
            return {"rule": f"stop at {order.trigger:f}"} if order.trigger is not None else {"rule": "stop"}
        of_bar = (each for each in self.state.decided.values() if each.bot == order.bot and each.bar == cause)
        decided = next((each for each in of_bar if each.side is order.side), None)
        if decided is not None:
            return decided.because
        left = self._bot(order.bot).leaving.get(order.symbol) if order.side is Side.SELL else None
        return {"rule": left} if left else ""

    def _close(self, closed: desk.PositionClosed) -> None:
        bot = self._bot(closed.bot)
        bot.leaving.pop(closed.symbol, None)
        holding = bot.holdings.get(closed.symbol)
        if holding is None or not holding.opened:
            return
        bot.holdings[closed.symbol] = holding.closed()
        bot.realised += closed.result
        bot.trades += 1
        last = next((place for place in reversed(range(len(bot.rows))) if not bot.rows[place].declined), None)
        if last is not None:
            bot.rows[last] = replace(bot.rows[last], trades=bot.trades)

    def _keep(self, bot: _Bot, row: TapeRow) -> None:
        bot.rows.append(row)
        if len(bot.rows) > KEPT * 1.2:
            bot.let_go = bot.rows[-KEPT - 1].session
            del bot.rows[:-KEPT]

    def _forget(self) -> None:
        over = [key for key, each in self.state.orders.items() if not (each.open or each.owing)]
        for key in over[:-REMEMBERED]:
            del self.state.orders[key]

    def _told(self, name: str) -> BotTape:
        bot = self.state.bots[name]
        tape = bot.tape
        assert tape is not None
        own = (each for each in self.state.orders.values() if each.bot == name and each.symbol == tape.market)
        return replace(
            tape,
            rows=tuple(bot.rows),
            open=tuple(_open(each) for each in own if each.open),
            anomalies=tuple(bot.anomalies),
            complete=bot.let_go < tape.session,
            realised=float(bot.realised),
            latches=tuple(self._closed(tape.market)),
        )

    def _closed(self, market: str) -> list[str]:
        """The guards that keep it from buying, with why."""
        scopes = (ACCOUNT, market)
        of_it = ((key.split("\n"), why) for key, why in self.state.latches.items())
        return [f"{guard}: {why}" for (guard, scope), why in of_it if scope in scopes]


def _with(row: TapeRow, capital: float) -> TapeRow:
    """As if so much more had been given to its bot from the beginning."""
    return replace(row, cash=row.cash + capital, equity=row.equity + capital)


def _open(order: Order) -> OpenOrder:
    price = order.trigger if order.trigger is not None else order.price
    return OpenOrder(
        order.client_id,
        order.at,
        f"{order.role.value} {order.state.value}" + (f": {order.why}" if order.why else ""),
        "the stop of what it holds" if order.role is Role.STOP else order.cause,
        order.state is OrderState.UNKNOWN,
        side=order.side,
        quantity=float(order.remaining),
        price=float(price),
        stop=order.role is Role.STOP,
    )


def _latch(guard: str, scope: str) -> str:
    return f"{guard}\n{scope}"


def _moment(cause: str) -> datetime | None:
    """The bar that decided, where the cause of an order is one."""
    try:
        return datetime.fromisoformat(cause)
    except ValueError:
        return None


def _opened(at: datetime, tape: BotTape | None) -> datetime:
    """Of the bar within which that was."""
    bar = parse_duration(tape.timeframe) if tape else timedelta(minutes=1)
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    return begin + (at - begin) // bar * bar
