"""The challengers as the page shows them."""

from datetime import UTC, datetime

from services.core.events import Event, Recorded
from services.trading.learning.events import ShadowEnded, ShadowLooked, ShadowStarted, ShadowTrade
from services.trading.learning.standing import Challengers

AT = datetime(2026, 1, 1, tzinfo=UTC)
STARTED = ShadowStarted(
    strategy="macd-eth-btc",
    market="ETH/BTC",
    label="generated",
    parameters={"macd.fast": 8},
    replaced={"macd.fast": 12},
    capital=1.0,
    windows=4,
    deflated=0.97,
    trials=12,
    since=AT,
)


def looked(number: int, *lacking: str) -> ShadowLooked:
    return ShadowLooked("macd-eth-btc", number, 700, 1.0, 1.1, 31, 1e-5, list(lacking))


def told(*events: Event) -> Challengers:
    projection = Challengers()
    for seq, event in enumerate(events, 1):
        projection.fold(Recorded(seq, AT, "shadow", event))
    return projection


def test_a_challenger_stands_as_its_latest_events_say() -> None:
    def trade(who: str, profit: float) -> ShadowTrade:
        return ShadowTrade("macd-eth-btc", who, profit, AT, "signal")

    projection = told(STARTED, trade("challenger", 0.25), trade("champion", -0.5), trade("challenger", 0.5))
    (row,) = projection.value()
    assert (row.process, row.parameters, row.trials, row.lacking) == ("shadow", {"macd.fast": 8}, 12, None)
    assert (row.trades, row.profit, row.champion_trades, row.champion_profit) == (2, 0.75, 1, -0.5)


def test_what_is_missing_is_that_of_the_latest_look_and_nothing_once_it_is_earned() -> None:
    (row,) = told(STARTED, looked(1, "29 closed trades of 30")).value()
    assert (row.looks, row.lacking) == (1, ("29 closed trades of 30",))
    (row,) = told(STARTED, looked(1, "29 closed trades of 30"), looked(2)).value()
    assert (row.looks, row.lacking, row.low) == (2, (), 1e-5)


def test_a_new_run_begins_anew_and_one_that_is_over_says_why() -> None:
    (row,) = told(STARTED, looked(1), ShadowEnded("macd-eth-btc", "another one")).value()
    assert row.ended == "another one"
    (row,) = told(STARTED, looked(1), ShadowEnded("macd-eth-btc", "another one"), STARTED).value()
    assert (row.ended, row.looks) == ("", 0)


def test_events_of_a_run_that_nobody_saw_begin_change_nothing() -> None:
    assert told(looked(1)).value() == ()
