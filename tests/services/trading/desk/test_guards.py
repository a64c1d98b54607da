from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.days import day_of, is_later
from services.trading.desk.entering import Enter
from services.trading.desk.events import Latched
from services.trading.desk.guards.guards import GUARDS, refusals
from services.trading.desk.guards.scene import Scene
from services.trading.desk.guards.standing import ACCOUNT, Mode, Standing
from services.trading.desk.limits import Limits
from services.trading.desk.states import OrderState
from services.trading.venue.told import Depth
from services.trading.venue.venue import NotSent, VenueRefused
from tests.support.desk_facts import AT, MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal
LIMITS = Limits(
    size=D(1000), exposure=D(2000), daily_loss=D(50), capital=D(3000), cool_down=timedelta(minutes=10), small_trips=3
)
CALM = Scene(
    now=AT,
    bot=BOT,
    symbol=MARKET,
    live=False,
    unarmed="",
    notional=D(500),
    exposure=D(0),
    capital=D(1000),
    equity=D(1000),
    free=D(1000),
    cost=D("500.5"),
    available=D(10_000),
    standing=Standing(),
    last=D(50_000),
    told_at=AT,
    worst=D("50_000.01"),
    spread=D("0.0000004"),
    offset=timedelta(0),
    sent_by_bot=0,
    sent_by_account=0,
    open_orders=0,
    rejected=0,
    unknown=0,
    missing=0,
    reconciled=True,
    writable=True,
    lost_at=None,
    trips=0,
)
BREACHES: list[tuple[str, dict[str, object], str]] = [
    ("armed", {"unarmed": "live trading is not armed"}, "not armed"),
    ("ledger", {"writable": False}, "cannot be written"),
    ("latched", {"standing": Standing((Latched("drawdown", ACCOUNT, "fell", AT),))}, "drawdown: fell"),
    ("latched", {"standing": Standing((Latched("balance", MARKET, "short", AT),))}, "balance: short"),
    ("unknown", {"reconciled": False}, "not reconciled"),
    ("unknown", {"unknown": 1}, "nobody can tell"),
    ("unknown", {"missing": 1}, "owes"),
    ("clock offset", {"offset": timedelta(seconds=-1.1)}, "-1.1 s"),
    ("clock offset", {"offset": None}, "could not be measured"),
    ("stale price", {"told_at": AT - timedelta(seconds=31)}, "31 s old"),
    ("stale price", {"told_at": None}, "not known"),
    ("spread", {"spread": D("0.006")}, "0.60%"),
    ("spread", {"spread": None}, "empty"),
    ("price collar", {"worst": D(50_600)}, "1.20%"),
    ("price collar", {"worst": None}, "not enough"),
    ("rejected streak", {"rejected": 3}, "rejected"),
    ("order rate", {"sent_by_bot": 10}, "the bot sent 10"),
    ("order rate", {"sent_by_account": 60}, "the account sent 60"),
    ("open orders", {"open_orders": 20}, "20 orders"),
    ("cool-down", {"lost_at": AT - timedelta(minutes=9)}, "60 s are left"),
    ("live capital", {"live": True, "capital": D(3001), "trips": 3}, "3000 may be live"),
    ("live capital", {"live": True, "capital": None, "trips": 3}, "rate"),
    ("first trips", {"live": True, "trips": 2}, "trade 3 of the first 3"),
    ("size", {"notional": D("1000.01")}, "at once"),
    ("size", {"notional": None}, "rate"),
    ("capital", {"free": D(500)}, "the bot's capital"),
    ("capital", {"available": D(500)}, "free at the exchange"),
    ("exposure", {"exposure": D("1500.01")}, "over all bots"),
    ("exposure", {"exposure": None}, "rate"),
    ("equity", {"equity": None}, "cannot be valued"),
]


@pytest.mark.parametrize(("guard", "changes", "words"), BREACHES)
def test_each_guard_refuses_its_breach_and_says_why(guard: str, changes: dict[str, object], words: str) -> None:
    assert refusals(CALM, LIMITS) == {}
    said = refusals(replace(CALM, **changes), LIMITS)  # type: ignore[arg-type]
    assert words in said[guard]


def test_a_feed_of_prices_that_stands_still_is_stale_however_fresh_the_answers_are(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.frozen = timedelta(seconds=31)
    with pytest.raises(Refused, match="stale price: the price is 31 s old"):
        desk.enter(wish())
    floor.venue.frozen = timedelta(seconds=29)
    desk.enter(wish())


def test_a_book_that_has_run_away_from_the_latest_trade_is_beyond_the_collar(floor: Floor) -> None:
    desk = floor.ready()
    book = floor.venue.engine.book("BTCUSDT")
    book.set([["50999", "1"]], [["51000", "1"]])
    assert book.last == D(50_000)
    with pytest.raises(Refused, match=r"price collar: the book would fill it up to 2\.00% above the last price"):
        desk.enter(wish())


def test_a_price_of_long_ago_is_none(floor: Floor) -> None:
    desk = floor.bought()
    assert desk.prices.last(MARKET) is not None
    floor.clock.advance(31)
    assert desk.prices.last(MARKET) is None


def test_every_guard_has_a_breach() -> None:
    assert {guard for guard, _, _ in BREACHES} == set(GUARDS)


def test_a_latch_of_one_market_leaves_the_others_open() -> None:
    other = replace(CALM, standing=Standing((Latched("balance", "ETH/USDT", "short", AT),)))
    assert refusals(other, LIMITS) == {}
    assert other.standing.mode is Mode.ACTIVE


def test_the_daily_loss_reduces_until_the_next_day_and_a_drawdown_halts_until_a_person() -> None:
    lost, fallen = Latched("daily loss", ACCOUNT, "", AT), Latched("drawdown", ACCOUNT, "", AT)
    assert Standing((lost,)).mode is Mode.REDUCING
    assert Standing((lost, fallen)).mode is Mode.HALTED


def lose(floor: Floor, price: str) -> None:
    """A position is bought and its price falls, with no stop to end it."""
    floor.bought(stop=None)
    floor.price(price)
    floor.pass_seconds(1)


def test_at_the_daily_cap_nothing_is_bought_until_the_next_day_and_exits_go_on(floor: Floor) -> None:
    floor.limited(daily_loss=D(20))
    lose(floor, "47000")
    assert floor.desk.standing.mode is Mode.REDUCING
    floor.venue.engine.jump("ETHUSDT", D(3000))
    with pytest.raises(Refused, match="daily loss"):
        floor.desk.enter(replace(wish("09:30"), symbol="ETH/USDT"))
    assert floor.desk.leave(BOT, MARKET, "09:40", "exit")
    floor.pass_seconds(1)
    assert floor.desk.book.closed
    floor.restart()
    assert floor.desk.standing.mode is Mode.REDUCING
    floor.clock.advance(timedelta(hours=15, minutes=1).total_seconds())
    floor.desk.round()
    assert floor.desk.standing.mode is Mode.ACTIVE


def test_money_given_to_a_bot_within_the_day_is_no_profit_that_hides_a_loss(floor: Floor) -> None:
    floor.limited(daily_loss=D(20))
    floor.bought(stop=None)
    floor.desk.allot(BOT, "USDT", D(5000))
    floor.price("47000")
    floor.pass_seconds(1)
    assert floor.desk.standing.mode is Mode.REDUCING


def test_a_drawdown_stays_latched_over_kill_and_new_days_until_a_person_gives_a_reason(floor: Floor) -> None:
    floor.limited(drawdown=D("0.02"))
    lose(floor, "46000")
    assert floor.desk.standing.mode is Mode.HALTED
    floor.clock.advance(timedelta(days=3).total_seconds())
    floor.restart()
    assert floor.desk.standing.mode is Mode.HALTED
    floor.desk.rearm("drawdown", ACCOUNT, "looked at it", "user")
    floor.pass_seconds(1)
    assert floor.desk.standing.mode is Mode.ACTIVE


def test_the_peak_survives_a_kill(floor: Floor) -> None:
    floor.limited(drawdown=D("0.02"))
    floor.bought(stop=None)
    floor.price("60000")
    floor.pass_seconds(1)
    floor.restart()
    floor.price("55000")
    floor.pass_seconds(1)
    assert floor.desk.standing.mode is Mode.HALTED


def test_a_clock_that_is_set_back_begins_no_new_day_and_arms_nothing(floor: Floor) -> None:
    floor.limited(daily_loss=D(20))
    lose(floor, "47000")
    floor.venue.ahead = -timedelta(days=2)
    floor.pass_seconds(30, rounds=3)
    assert floor.desk.standing.mode is Mode.REDUCING


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-03-28T22:59:59+00:00", "2026-03-28"),
        ("2026-03-28T23:00:00+00:00", "2026-03-29"),
        ("2026-03-29T21:59:59+00:00", "2026-03-29"),
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),
        ("2026-10-25T22:59:59+00:00", "2026-10-25"),
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),
    ],
)
def test_a_day_begins_at_local_midnight_also_when_the_clocks_are_changed(utc: str, day: str) -> None:
    assert day_of(datetime.fromisoformat(utc), "Europe/Berlin") == day
    assert not is_later(day, day)


def test_three_rejections_in_a_row_halt_the_account_until_a_person_arms_it(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["refused"] * 3
    for minute in range(3):
        desk.enter(wish(f"09:0{minute}"))
        floor.pass_seconds(10, rounds=2)
    assert desk.standing.mode is Mode.HALTED
    floor.restart()
    assert floor.desk.standing.mode is Mode.HALTED
    floor.desk.rearm("rejected streak", ACCOUNT, "the key was renewed", "user")
    floor.pass_seconds(1)
    assert floor.desk.standing.mode is Mode.ACTIVE


def test_a_journal_that_cannot_be_written_sends_nothing(floor: Floor) -> None:
    desk = floor.ready()
    desk.register.ledger._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(Refused, match="ledger"):
        desk.enter(wish())
    desk.round()
    assert floor.venue.sent == []


def test_no_guard_keeps_a_stop_or_an_exit_from_being_sent(floor: Floor) -> None:
    desk = floor.bought()
    floor.limits = replace(LIMITS, size=D(1), exposure=D(1), orders_per_bot=0, open_orders=0, rejected_streak=1)
    floor.venue.ahead = timedelta(seconds=5)
    desk = floor.restart()
    desk.watching.latch("drawdown", ACCOUNT, "test")
    assert desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(1)
    assert desk.book.closed
    assert not desk.book.holding(BOT, MARKET).opened


def test_an_entry_that_was_decided_long_ago_is_not_sent_after_a_sleep(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish())
    floor.clock.advance(timedelta(hours=3).total_seconds())
    floor.restart()
    floor.pass_seconds(2)
    assert floor.venue.sent == []
    assert floor.desk.book.entries == {}


def test_an_intent_that_was_never_sent_is_over_after_a_restart(floor: Floor) -> None:
    from services.core.faults import arm

    desk = floor.ready()
    desk.enter(wish())

    def die() -> None:
        raise KeyboardInterrupt

    arm("desk.intended", die)
    try:
        with pytest.raises(KeyboardInterrupt):
            desk.round()
    finally:
        arm("desk.intended", None)
    floor.restart()
    assert floor.venue.sent == []
    assert [order.state for order in floor.desk.book.orders.values()] == [OrderState.EXPIRED]


def test_what_is_given_to_a_bot_whose_entry_is_refused_does_not_count(floor: Floor) -> None:
    desk = floor.ready()
    desk.stop_all("test")
    with pytest.raises(Refused):
        desk.enter(replace(wish(), bot="other", capital=D(9000)))
    assert set(desk.book.capital) == {BOT}


def test_a_loss_is_seen_where_a_bot_trades_in_another_currency_that_has_a_market(floor: Floor) -> None:
    floor.limited(daily_loss=D(50))
    floor.venue.engine.jump("ETHBTC", D("0.08"))
    desk = floor.ready()
    desk.enter(Enter("other", "ETH/BTC", "09:00", D("0.002"), None, capital=D("0.002")))
    floor.pass_seconds(1)
    assert desk.book.holding("other", "ETH/BTC").opened
    floor.venue.engine.jump("ETHBTC", D("0.02"))
    floor.pass_seconds(1)
    assert desk.standing.mode is Mode.REDUCING


def test_while_equity_cannot_be_valued_nothing_is_bought_and_it_is_told_once(
    floor: Floor, caplog: pytest.LogCaptureFixture
) -> None:
    desk = floor.ready()
    desk.allot("other", "XYZ", D(1))
    floor.pass_seconds(5, rounds=5)
    with pytest.raises(Refused, match="equity cannot be valued"):
        desk.enter(wish())
    assert [record.message for record in caplog.records if "XYZ" in record.message] == [
        "equity cannot be valued, so nothing is bought, and no loss is judged: the rate of XYZ is not known"
    ]


def test_dust_on_a_market_that_is_gone_hides_no_loss(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.limited(daily_loss=D(50))
    floor.venue.engine.jump("ETHUSDT", D(2000))
    desk = floor.ready()
    desk.allot("other", "USDT", D(1000))
    desk.enter(Enter("other", "ETH/USDT", "09:00", D(100), None))
    floor.pass_seconds(1)
    desk.leave("other", "ETH/USDT", "09:01", "exit")
    floor.pass_seconds(3, rounds=3)
    assert desk.book.holding("other", "ETH/USDT").quantity > 0
    desk.enter(wish(budget="900", stop=None))
    floor.pass_seconds(1)
    depth = floor.venue.depth

    def gone(symbol: str, levels: int = 20) -> Depth:
        if symbol == "ETH/USDT":
            raise VenueRefused("no such market")
        return depth(symbol, levels)

    monkeypatch.setattr(floor.venue, "depth", gone)
    desk = floor.restart()
    floor.price("20000")
    floor.pass_seconds(20, rounds=4)
    assert ("daily loss", ACCOUNT) in desk.book.latches


def test_a_daily_loss_that_a_person_arms_again_counts_from_there(floor: Floor) -> None:
    floor.limited(daily_loss=D(20))
    lose(floor, "47000")
    floor.desk.rearm("daily loss", ACCOUNT, "looked at it", "user")
    floor.pass_seconds(2, rounds=2)
    assert floor.desk.standing.mode is Mode.ACTIVE
    floor.price("44000")
    floor.pass_seconds(1)
    assert floor.desk.standing.mode is Mode.REDUCING


def test_a_drawdown_is_measured_from_the_capital_at_which_it_was_armed_again(
    floor: Floor,
) -> None:
    floor.limited(drawdown=D("0.02"))
    lose(floor, "46000")
    desk = floor.desk
    desk.allot(BOT, "USDT", D(5000))
    desk.rearm("drawdown", ACCOUNT, "looked at it", "user")
    assert desk.watching.peak() == desk.watching.valuing.equity(desk.book)
    floor.pass_seconds(1)
    assert desk.standing.mode is Mode.ACTIVE


def test_a_clock_that_could_not_be_asked_is_not_trusted(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = floor.ready()

    def not_sent() -> timedelta:
        raise NotSent("not sent: the exchange cannot be reached")

    monkeypatch.setattr(floor.venue, "offset", not_sent)
    desk.measuring.measure_clock()
    assert desk.measuring.offset is None
