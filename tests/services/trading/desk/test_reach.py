"""An exchange that tells nothing: said since when and why, in `ps` and once in the log; and what a stop says then."""

import logging
from decimal import Decimal

import pytest

from services.trading.desk.commands import StopAccount, stop, stopped
from services.trading.desk.keeper import _standing
from services.trading.desk.stop_told import sentences
from services.trading.venue.venue import KeyRefused
from tests.support.desks import BOT, Floor

NO_KEY = "the exchange refuses the key: Invalid API-key (-2015)"


def refuse(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From here on the exchange takes the key for nothing; gives what it was asked."""
    asked: list[str] = []

    def refused(name: str):  # type: ignore[no-untyped-def]
        def answer(*_told: object, **_more: object) -> object:
            asked.append(name)
            raise KeyRefused(NO_KEY)

        return answer

    for name in ("open_orders", "order", "trades", "funds", "place"):
        monkeypatch.setattr(floor.venue, name, refused(name))
    return asked


def test_an_outage_is_one_line_at_its_beginning_and_one_at_its_end(
    floor: Floor, caplog: pytest.LogCaptureFixture
) -> None:
    floor.bought()
    caplog.clear()
    floor.venue.unreachable = True
    floor.pass_seconds(60, rounds=60)
    assert "active" not in _standing(floor.desk)
    assert ", since 09:00:1" in _standing(floor.desk)
    assert _standing(floor.desk).endswith("by our ledger 1 position, 1 order")
    floor.venue.unreachable = False
    floor.pass_seconds(20, rounds=20)
    told = [each.message for each in caplog.records if each.levelno >= logging.WARNING and "equity" not in each.message]
    assert [each.partition(" after ")[0] for each in told if "BTC/USDT waits" not in each] == [
        "the account waits: the exchange cannot be reached",
        "the exchange tells again what it is asked,",
    ]
    assert _standing(floor.desk) == "active, 1 position, 1 order"


def test_a_key_that_is_refused_is_told_as_that_and_asked_about_once_a_minute(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = refuse(floor, monkeypatch)
    floor.pass_seconds(170, rounds=170)
    assert _standing(floor.desk).startswith(f"{NO_KEY}, since 09:00:")
    assert asked.count("open_orders") <= 3 * 3, "each of three looks asks for them at most three times"
    assert [each.message for each in caplog.records if "key" in each.message] == [f"the account waits: {NO_KEY}"]


def test_a_stop_tells_what_it_cancelled_and_what_it_sold_at_which_price(floor: Floor) -> None:
    desk = floor.bought()
    told = stop(desk, StopAccount("test"))
    assert [(each["bot"], each["role"]) for each in told["cancelled"]] == [(BOT, "stop")]
    (sale,) = told["closed"]
    assert (sale["bot"], sale["market"], Decimal(sale["quantity"])) == (BOT, "BTC/USDT", Decimal("0.00988"))
    assert Decimal(sale["price"]) == Decimal("49999.99")
    assert sentences(told) == [
        "Cancelled at the exchange: stop of curl on BTC/USDT.",
        "Sold at the exchange: 0.00988 BTC of curl at 49999.99 USDT.",
        "At the exchange nothing of ours is open or held, but 0.00000011 BTC of curl, too little to be sold.",
    ]


def test_a_stop_that_is_given_again_tells_what_was_done_before_as_earlier(floor: Floor) -> None:
    desk = floor.bought()
    stop(desk, StopAccount("test"))
    floor.pass_seconds(240, rounds=4)
    told = stop(desk, StopAccount("test"))
    assert sentences(told)[:2] == [
        "Cancelled there earlier: stop of curl on BTC/USDT, at 09:00 UTC.",
        "Sold there earlier: 0.00988 BTC of curl at 49999.99 USDT, at 09:00 UTC.",
    ]


def test_what_was_done_before_the_stop_is_none_of_its_doing(floor: Floor) -> None:
    desk = floor.bought()
    desk.leave(BOT, "BTC/USDT", "asked", "asked")
    floor.pass_seconds(2, rounds=2)
    told = stop(desk, StopAccount("test"))
    assert (told["cancelled"], told["closed"]) == ([], [])


def test_a_stop_at_an_exchange_that_cannot_be_asked_never_says_that_nothing_is_held_there(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.unreachable = True
    told = stop(desk, StopAccount("test"))
    assert told["unasked"].startswith("the exchange cannot be reached, since 09:00:")
    assert sentences(told) == [
        f"The exchange could not be asked: {told['unasked']}.",
        "By our ledger nothing of ours is open or held.",
    ]
    floor.venue.unreachable = False
    floor.pass_seconds(11, rounds=11)
    assert sentences(stopped(desk)) == ["At the exchange nothing of ours is open or held."]


def test_a_stop_that_waits_for_the_exchange_names_what_our_ledger_has(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.unreachable = True
    told = sentences(stop(desk, StopAccount("test")))
    assert told[1].startswith("By our ledger there remains: curl BTC/USDT: 0.00988011 BTC are held; curl BTC/USDT: ")
