"""What is shown of a bot at the exchange: the account's fills and orders as its tape, and the bars that it read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.events import Event, Recorded
from services.trading.anomalies.events import AnomalySeen
from services.trading.candles import Candle
from services.trading.chart.marked import bar_of, equity_of, marked
from services.trading.chart.reading import read_kept
from services.trading.desk.events import (
    Latched,
    OrderDoubted,
    OrderFilled,
    OrderInitialised,
    OrderSubmitted,
    PositionClosed,
    Rearmed,
)
from services.trading.desk.kinds import ENTER
from services.trading.desk.states import Role
from services.trading.events import LiveBegan
from services.trading.fills import Side
from services.trading.live.tapes import ExchangeTapes
from services.trading.scoring.scorer import Scorer
from services.trading.tape import BotTape
from services.trading.venue.told import OrderKind
from tests.support.bar_world import BarWorld
from tests.support.candles import recorded_candles
from tests.support.strategies import strategy_text, strategy_with
from widgets.states.trading.held import position_of
from widgets.states.trading.orders import OrderLines

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
D = Decimal
STOPPED = {"stop": {"percent": 1}}


def folded(*events: Event, of: str = "live", tapes: ExchangeTapes | None = None) -> BotTape:
    tapes = tapes or ExchangeTapes()
    for seq, event in enumerate(events, 1):
        tapes.take(Recorded(seq, NOON, of, event))
    (tape,) = tapes.value()
    return tape


def told(world: BarWorld) -> list[Event]:
    """What the journal has of it: the bot's word, and the ledger's."""
    return [*world.events, *(event for _, event in world.floor.desk.register.ledger.read())]


@pytest.fixture
def lived(world: BarWorld, tmp_path: Path) -> BarWorld:
    """It has traded by a strategy with a stop, over three restarts, and its bars were kept."""
    world.parts |= {"keep": tmp_path / "bars", "label": "live: here"}
    world.lived(strategy_text(**STOPPED), tmp_path)
    return world


def test_its_tape_is_the_accounts_word(lived: BarWorld) -> None:
    tape, book = folded(*told(lived)), lived.floor.desk.book
    trades = [(each.order.buys, each.quantity, each.price) for each in lived.floor.venue.engine.ledger.trades]
    rows = tape.of_session
    assert [(row.side is Side.BUY, D(str(row.quantity)), D(str(row.price))) for row in rows] == trades
    assert len(trades) > 8
    holding = book.holding("live", lived.symbol)
    assert tape.account is not None
    assert tape.account.held == pytest.approx(float(holding.quantity))
    assert tape.account.cash == pytest.approx(tape.capital + float(holding.net))
    assert rows[-1].trades == len(book.closed) > 3
    assert tape.realised == pytest.approx(float(sum(each.result for each in book.closed)))
    assert [order.id for order in tape.open] == [order.client_id for order in book.open_orders()]
    assert (tape.label, tape.session, tape.exchange) == ("live: here", 1, True)


def test_what_is_frozen_goes_on_as_it_was(lived: BarWorld) -> None:
    events = told(lived)
    whole, half, rest = ExchangeTapes(), ExchangeTapes(), ExchangeTapes()
    for seq, event in enumerate(events):
        whole.take(Recorded(seq, NOON, "live", event))
        if seq < len(events) // 2:
            half.take(Recorded(seq, NOON, "live", event))
    rest.thaw(half.freeze())
    for seq, event in enumerate(events[len(events) // 2 :], len(events) // 2):
        rest.take(Recorded(seq, NOON, "live", event))
    assert rest.value() == whole.value()


def test_each_fill_is_marked_on_the_bar_within_which_the_exchange_filled_it(lived: BarWorld, tmp_path: Path) -> None:
    tape = folded(*told(lived))
    charted = read_kept(tmp_path / "bars", tape.version)
    bar = timedelta(seconds=charted.bar_seconds)
    placed = [mark.bar for mark in marked(charted, tape.of_session)]
    opened = [datetime.fromtimestamp(charted.bars.times[place] / 1e6, UTC) for place in placed]
    assert len(opened) == len(tape.of_session)
    known = [row for row in tape.of_session if bar_of(charted, row) < charted.count]
    assert all(at <= row.traded < at + bar for at, row in zip(opened, known, strict=False) if row.traded)
    assert len(known) > 8
    worth = equity_of(charted, tape.of_session, tape.capital)
    assert worth[-1] == pytest.approx(known[-1].cash + known[-1].held * charted.bars.closes[-1])


def test_a_fill_from_before_the_bars_that_are_known_is_marked_on_none(lived: BarWorld, tmp_path: Path) -> None:
    tape = folded(*told(lived))
    charted = read_kept(tmp_path / "bars", tape.version)
    early = replace(tape.of_session[0], traded=NOON - timedelta(days=9999))
    assert marked(charted, [early]) == ()
    assert equity_of(charted, [early], 1.0)[0] == pytest.approx(early.cash + early.held * charted.bars.closes[0])


def test_its_terms_are_kept_at_each_bar_as_it_read_them(lived: BarWorld, tmp_path: Path) -> None:
    charted = read_kept(tmp_path / "bars", folded(*told(lived)).version)
    scorer = Scorer(strategy_with(**STOPPED))
    said = []
    for candle in charted.bars.candles():
        scorer.update(candle)
        said.append(scorer.values[0])
    assert charted.count > 800
    assert list(charted.terms[0].values)[100:] == pytest.approx(said[100:], nan_ok=True)
    assert lived.samples["trading.bars:live"][-1] == charted.count


def test_why_it_was_filled_is_the_stop_or_what_the_bot_decided_by(lived: BarWorld) -> None:
    events = told(lived)
    bought = next(each for each in events if isinstance(each, OrderInitialised) and each.role is Role.ENTRY)
    why = {"bar": bought.cause.rsplit("#", 1)[0], "score": 1.0, "macd_cross": 1.0}
    decided = DecisionTaken("d1", ENTER, "Buy", "process:live", "live", why, Verdict.INTENDED, False, {})
    rows = folded(decided, *events).of_session
    assert rows[0].because == why
    assert rows[0].candle.isoformat() == why["bar"]
    reasons = {str(row.because) for row in rows if row.side is Side.SELL}
    assert any("stop at" in each for each in reasons)
    assert any("score" in each for each in reasons)


def begun(**changed: object) -> LiveBegan:
    told = LiveBegan("s", "v1", "BTC/USDT", "1m", "live: here", NOON, 1000.0, "next_open", 0.001)
    return replace(told, **changed)  # type: ignore[arg-type]


def order(client_id: str, side: Side, quantity: str = "0.01", symbol: str = "BTC/USDT") -> OrderInitialised:
    role = Role.ENTRY if side is Side.BUY else Role.FLATTEN
    kind, cause = OrderKind.MARKETABLE, NOON.isoformat()
    return OrderInitialised(
        client_id, "live", symbol, side, kind, role, D(quantity), D(50_000), None, f"{cause}#0", NOON
    )


def filled(client_id: str, quantity: str = "0.01", fee: str = "0.00001", of: str = "BTC", price: int = 50_000) -> Event:
    return OrderFilled(client_id, f"t{client_id}", "BTC/USDT", D(quantity), D(price), D(fee), of, NOON)


BUY = (order("a", Side.BUY), filled("a"))
SELL = (order("b", Side.SELL, "0.009"), filled("b", "0.009", "0.45", "USDT"))


def test_what_is_too_little_to_be_sold_is_no_position() -> None:
    assert position_of(folded(begun(), *BUY)) is not None
    left = PositionClosed("live", "BTC/USDT", D("0.00099"), D("-50.45"), NOON)
    tape = folded(begun(), *BUY, *SELL, left)
    assert tape.account is not None
    assert tape.account.held > 0
    assert position_of(tape) is None
    assert tape.realised == -50.45


def test_a_fee_is_told_in_the_currency_that_it_was_paid_in() -> None:
    lines = OrderLines().of(folded(begun(), *BUY, *SELL), NOON)
    assert [line.fee for line in lines if line.state == "Filled"] == ["0.45 USDT", "0.00001 BTC"]


def test_an_order_that_nobody_can_tell_of_is_unknown_with_what_became_of_it() -> None:
    lost = (OrderSubmitted("b", NOON), OrderDoubted("b", NOON, None, "the answer was lost"))
    first, *_ = OrderLines().of(folded(begun(), *BUY, SELL[0], *lost), NOON)
    assert (first.state, first.side, first.amount) == ("Unknown", "Sell", "0.009 BTC")
    assert first.why == "flatten unknown: the answer was lost"


def test_what_the_account_did_not_take_on_says_why() -> None:
    why = {"bar": NOON.isoformat(), "score": 1.0}
    taken = DecisionTaken("d1", ENTER, "Buy", "process:live", "live", why, Verdict.INTENDED, False, {})
    refused = DecisionChanged("d1", Verdict.NOT_DONE, "account", "exposure: 700 are allowed", {})
    (line,) = OrderLines().of(folded(begun(), taken, refused, refused), NOON)
    assert (line.state, line.why, line.candle) == ("Not placed", "exposure: 700 are allowed", NOON)


def test_a_guard_that_is_closed_for_it_is_told_until_it_is_opened() -> None:
    closed = (
        Latched("drawdown", "account", "it fell", NOON),
        Latched("balance", "BTC/USDT", "coins are missing", NOON),
        Latched("balance", "ETH/USDT", "of another", NOON),
    )
    assert folded(begun(), *closed).latches == ("drawdown: it fell", "balance: coins are missing")
    opened = Rearmed("drawdown", "account", "seen", "user", NOON)
    assert folded(begun(), *closed, opened).latches == ("balance: coins are missing",)


def test_other_capital_changes_no_result_that_was_made() -> None:
    tape = folded(begun(), *BUY, *SELL, begun(capital=2000.0, version="v2"))
    assert tape.account is not None
    assert tape.account.cash == pytest.approx(2000 - 500 + 450 - 0.45)
    assert (tape.session, tape.version) == (1, "v2")


def test_on_another_market_another_session_begins() -> None:
    tape = folded(begun(), *BUY, *SELL, begun(market="ETH/USDT"))
    assert (tape.session, tape.of_session) == (2, ())


def test_a_session_goes_on_over_restarts_and_counts_its_bars_from_its_beginning() -> None:
    tapes = ExchangeTapes()
    folded(begun(), tapes=tapes)
    tapes.take(Recorded(9, NOON + timedelta(hours=1), "live", begun()))
    assert tapes.value()[0].began == NOON


def jumped() -> list[Candle]:
    """At bar 700 the price jumps by 6 %, and stays there."""
    bars = recorded_candles(940)

    def up(candle: Candle) -> Candle:
        return replace(
            candle, **{name: round(getattr(candle, name) * 1.06, 8) for name in ("open", "high", "low", "close")}
        )

    return [*bars[:700], *map(up, bars[700:])]


def test_what_is_unusual_on_its_market_is_told_and_stands_on_its_tape(world: BarWorld, tmp_path: Path) -> None:
    world.candles = jumped()
    world.lived(strategy_text(**STOPPED), tmp_path)
    seen = [each for each in world.events if isinstance(each, AnomalySeen)]
    assert world.candles[700].time in [each.candle for each in seen if each.kind == "jump"]
    assert all(each.candle >= world.candles[world.first].time for each in seen)
    assert [each.candle for each in folded(*world.events).anomalies] == [each.candle for each in seen]


def test_where_no_bars_can_be_kept_it_trades_all_the_same(world: BarWorld, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    world.parts["keep"] = tmp_path / "file" / "bars"
    text = strategy_text(**STOPPED)
    assert world.lived(text, tmp_path) == world.backtested(text)
