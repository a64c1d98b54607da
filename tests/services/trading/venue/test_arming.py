from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.environment import detect, gather
from services.trading.venue.arming import Wish, confirmation, judge
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.rights import Rights, reader_of
from services.trading.venue.told import OrderKind
from services.trading.venue.venue import VenueRefused, VenueUnsure
from tests.support.exchange.loopback import Loopback

GOOD = Rights(reads=True, trades=True, withdraws=False, borrows=False, bound=True)
WISH = Wish(
    exchange="binance",
    address="",
    has_key=True,
    set_live=True,
    typed=confirmation("binance"),
    allowed_here=True,
    because_here="rule 1",
    rights=GOOD,
    resting=frozenset({OrderKind.STOP}),
    settling=timedelta(seconds=10),
)

AGAINST = {
    "trading.play_money is on": replace(WISH, play_money=True),
    "the setting trading.live is off": replace(WISH, set_live=False),
    "it is confirmed by typing": replace(WISH, typed="yes"),
    "live trading is not allowed here: never in CI": replace(WISH, allowed_here=False, because_here="never in CI"),
    "the key may withdraw": replace(WISH, rights=replace(GOOD, withdraws=True)),
    "the key may not trade": replace(WISH, rights=replace(GOOD, trades=False)),
    "the key may not read": replace(WISH, rights=replace(GOOD, reads=False)),
    "could not be read": replace(WISH, rights=None),
    "there is no key": replace(WISH, has_key=False),
    "how gate takes client ids": replace(WISH, exchange="gate", typed=confirmation("gate")),
    "clock is 1.5 s off": replace(WISH, offset=timedelta(seconds=-1.5)),
}
KNOW = {
    "stops cannot rest at this exchange": replace(WISH, resting=frozenset()),
    "such orders wait for you": replace(WISH, settling=None),
    "works from any address": replace(WISH, rights=replace(GOOD, bound=False)),
    "quick trades without a stop": replace(WISH, unprotected=("quick",), typed=confirmation("binance", ["quick"])),
    "nothing caps the loss of a day: trading.guards.daily_loss is not set": replace(WISH, uncapped=("daily_loss",)),
    "on credit": replace(WISH, rights=replace(GOOD, borrows=True)),
    "asked at http://127.0.0.1:1": replace(WISH, address="http://127.0.0.1:1"),
}


def test_an_account_is_armed_where_nothing_speaks_against_it() -> None:
    assert judge(WISH).may
    assert judge(WISH).know == ()


@pytest.mark.parametrize("why, wish", AGAINST.items(), ids=AGAINST)
def test_each_thing_that_is_missing_keeps_it_disarmed(why: str, wish: Wish) -> None:
    (told,) = judge(wish).against
    assert why in told


@pytest.mark.parametrize("what, wish", KNOW.items(), ids=KNOW)
def test_what_has_to_be_known_is_told_and_keeps_nobody_from_it(what: str, wish: Wish) -> None:
    assert judge(wish).may
    assert [what in each for each in judge(wish).know] == [True]


def test_whoever_arms_bots_without_a_stop_has_typed_their_names() -> None:
    wish = replace(WISH, unprotected=("curl", "quick"))
    (told,) = judge(wish).against
    assert told == "it is confirmed by typing “trade my money on binance, without a stop: curl, quick”"
    assert judge(replace(wish, typed="trade my money on binance, without a stop: curl, quick")).may


def test_all_reasons_are_told_at_once() -> None:
    wish = replace(WISH, set_live=False, typed="", rights=None, allowed_here=False)
    assert len(judge(wish).against) == 4


def test_never_in_ci_whatever_else_was_said(tmp_path: Path) -> None:
    facts = gather(tmp_path, {"CI": "true", "GITHUB_ACTIONS": "true", "APP_ENV": "prod"})
    here = detect(replace(facts, flag="prod", live_flag=True))
    wish = replace(WISH, allowed_here=here.live_allowed, because_here=here.live_because)
    assert judge(wish).against == ("live trading is not allowed here: never in CI",)


def test_the_rights_of_the_key_are_read_from_the_exchange(venue: CcxtVenue, exchange: Loopback) -> None:
    assert venue.rights() == GOOD
    for right in ("enableWithdrawals", "enableInternalTransfer", "permitsUniversalTransfer"):
        exchange.ctl("rights", **{right: True})
        assert venue.rights().withdraws
        exchange.ctl("rights", **{right: False})
    exchange.ctl("rights", enableSpotAndMarginTrading=False, ipRestrict=False, enableFutures=True, aNewRight="odd")
    assert venue.rights() == Rights(reads=True, trades=False, withdraws=False, borrows=True, bound=False)


@pytest.mark.parametrize("body", ["[]", "{}", '{"enableReading": true}', '{"enableReading": true, '
                                  '"enableSpotAndMarginTrading": true, "enableWithdrawals": "no"}'])  # fmt: skip
def test_rights_that_are_not_told_are_not_guessed(venue: CcxtVenue, exchange: Loopback, body: str) -> None:
    exchange.fault("GET /sapi/v1/account/apiRestrictions", answer={"body": body})
    with pytest.raises(VenueUnsure):
        venue.rights()


def test_an_exchange_that_does_not_tell_rights_is_refused() -> None:
    with pytest.raises(VenueRefused, match="okx does not tell"):
        reader_of("okx")
