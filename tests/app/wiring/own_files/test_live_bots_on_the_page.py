"""What a person sees of a bot that trades at the exchange: the whole program, its journal, and the Trading page's
states."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.runtime.desk.market_desk import _charted
from app.runtime.desk.past import read_past
from services.trading.desk.commands import ClosePosition
from services.trading.desk.events import OrderFilled
from services.trading.fills import Side
from services.trading.kpis import TradingKpis
from services.trading.live.tapes import ExchangeTapes
from services.trading.tape import BotTape, TradingTapes
from tests.app.wiring.own_files import test_live_bots
from tests.app.wiring.own_files.test_live_bots import buying, exchange  # noqa: F401
from tests.support.exchange.loopback import Loopback
from tests.support.own import Mine
from widgets.states.tiles import tiles
from widgets.states.trading.bots import BotState, trading_state
from widgets.states.trading.decision import decision_at
from widgets.states.trading.held import position_of
from widgets.states.trading.orders import OrderLines
from widgets.states.trading.risk import risk_rows


@pytest.fixture
def bought(mine: Mine, exchange: Loopback) -> Iterator[Mine]:  # noqa: F811
    """It has bought, and the journal tells of it."""
    buying(mine, exchange)
    mine.until(lambda: (tape := tape_of(mine)) and tape.account and any(each.stop for each in tape.open), "it is told")
    yield mine
    mine.stop()


def shown(mine: Mine) -> Any:
    engine = mine.running.engine
    engine.ask(engine.projections.show)
    return engine.view


def tape_of(mine: Mine) -> BotTape | None:
    return next((each for each in shown(mine).value(ExchangeTapes) if each.bot == "live"), None)


def chosen(mine: Mine, name: str = "live") -> BotState:
    bot = trading_state(shown(mine), name).chosen
    assert bot is not None
    assert bot.choice.name == name
    return bot


def test_it_stands_beside_its_paper_twin_and_says_where_it_trades(bought: Mine) -> None:
    choices = {each.name: each.where for each in trading_state(shown(bought), "").choices}
    assert choices["live"].startswith("live: binance")
    assert choices["eager"] == ""


def test_its_orders_are_the_accounts_with_the_reasons_of_the_bot(bought: Mine) -> None:
    bot = chosen(bought)
    assert bot.tape is not None
    stop, entry = OrderLines().of(bot.tape, shown(bought).at)
    assert (entry.side, entry.state, entry.fee[-3:]) == ("Buy", "Filled", "BTC")
    assert entry.amount.startswith("0.0079")
    assert "Up +" in entry.why
    assert (stop.side, stop.state) == ("Sell", "Open")
    assert stop.amount.startswith("0.0079")


def test_its_candles_and_terms_are_those_that_it_read(bought: Mine) -> None:
    bot = chosen(bought)
    assert bot.ask is not None
    assert bot.taken > 100
    charted, error = _charted(bot.ask, bought.home.live_bars)
    assert charted is not None, error
    assert charted.label == bot.tape.label
    assert charted.count >= bot.taken
    told = decision_at(charted, bot.taken - 1, holds=True)
    assert [row.name for row in told.rows] == ["Up"]
    assert told.rows[0].value.startswith("+")


def test_what_it_has_at_stake_is_the_accounts_word(bought: Mine) -> None:
    bot = chosen(bought)
    rows = {row.name: row.value for row in risk_rows(bot, None, shown(bought))}
    held = position_of(bot.tape)
    assert held is not None
    assert rows["Position"].startswith("0.0079")
    assert rows["Stop resting"] == "47,500 USDT"
    assert (rows["Capital"], rows["Realised"]) == ("1,000 USDT", "0 USDT")


def test_once_it_is_closed_it_holds_nothing_and_its_result_is_realised(
    bought: Mine,
    exchange: Loopback,  # noqa: F811
) -> None:
    bought.tell(ClosePosition("live", "BTC/USDT"))
    tape = bought.until(lambda: (tape := tape_of(bought)) and tape.realised and tape, "it is told that it is closed")
    assert [row.side for row in tape.of_session][:2] == [Side.BUY, Side.SELL]
    assert position_of(tape) is None or len(tape.of_session) > 2


def test_paper_and_money_are_not_mixed(bought: Mine) -> None:
    view = shown(bought)
    assert "live" not in {each.bot for each in view.value(TradingKpis)}
    assert "live" not in {each.bot for each in view.value(TradingTapes)}


def test_it_is_the_same_after_a_restart(bought: Mine) -> None:
    before = tape_of(bought)
    bought.stop()
    bought.start()
    after = bought.until(lambda: tape_of(bought), "it is there again")
    assert before is not None
    assert (after.session, after.rows[: len(before.rows)]) == (before.session, before.rows)


def test_a_past_moment_shows_it_as_it_was(bought: Mine) -> None:
    tape = tape_of(bought)
    assert tape is not None
    entry, began = tape.rows[0], tape.began
    bought.events(OrderFilled)  # all of it is on disk
    before = trading_state(read_past(bought.running, began + (entry.at - began) / 2).view, "live").chosen
    after = trading_state(read_past(bought.running, entry.at + timedelta(microseconds=1)).view, "live").chosen
    assert before is not None
    assert before.tape is not None
    assert (before.tape.rows, before.choice.told) == ((), "0.00%")
    assert after is not None
    assert after.tape is not None
    assert position_of(after.tape) is not None


def test_what_may_be_overridden_is_how_it_hears_of_bars(bought: Mine) -> None:
    assert [each.name for each in chosen(bought).parameters] == ["stream"]


def test_where_only_the_exchange_is_traded_the_page_shows_it_and_the_tile_of_paper_says_that_there_is_none(
    mine: Mine,
    exchange: Loopback,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(test_live_bots, "STRATEGY", test_live_bots.STRATEGY.replace("data: live\n", ""))
    buying(mine, exchange)
    mine.until(lambda: tape_of(mine), "it is told")
    assert [each.name for each in trading_state(shown(mine), "").choices] == ["live"]
    assert chosen(mine).tape is not None
    assert tiles(shown(mine))[0].note == "none on paper"
