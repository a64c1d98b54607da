import re
from dataclasses import replace
from decimal import Decimal

import pytest

from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.client_ids import FORMS, form_of, written
from services.trading.venue.told import Ticket
from services.trading.venue.venue import VenueRefused
from tests.support.exchange.loopback import CREATE, Loopback
from tests.support.tickets import SYMBOL, buy, identity, resting, stop

OFF = {
    "quantity 0.0123456 is no multiple of the step 0.00001": buy(quantity="0.0123456"),
    "price 55000.123 is no multiple of the tick 0.01": buy(price="55000.123"),
    "trigger 45000.001 is no multiple of the tick": stop(trigger="45000.001"),
    "quantity 0.000005 is no multiple": buy(quantity="0.000005"),
    "quantity 0 is no multiple": buy(quantity="0"),
    "quantity NaN is no multiple": buy(quantity="NaN"),
    "notional 4.000000 is below BTC/USDT's smallest, 10": resting(quantity="0.0001", price="40000.00"),
    "has no market BTC/EUR": replace(buy(), symbol="BTC/EUR"),
    "is no client id of ours": replace(buy(), client_id="x-TKT5PX2F-1"),
    "a stop needs its trigger": replace(stop(), trigger=None),
}


@pytest.mark.parametrize("why, ticket", OFF.items(), ids=OFF)
def test_an_order_off_the_grid_is_refused_by_us_and_never_cut_to_size(
    venue: CcxtVenue, exchange: Loopback, why: str, ticket: Ticket
) -> None:
    with pytest.raises(VenueRefused, match=why):
        venue.place(ticket)
    assert exchange.asked(CREATE) == []


def test_amounts_and_the_client_id_arrive_as_they_were_decided(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(stop(quantity="0.00123", trigger="45000.5", price="44000.01"))
    (asked,) = exchange.asked(CREATE)
    sent = asked["fields"]
    told = {name: Decimal(sent[name]) for name in ("quantity", "price", "stopPrice")}
    assert told == {"quantity": Decimal("0.00123"), "price": Decimal("44000.01"), "stopPrice": Decimal("45000.5")}
    assert (sent["type"], sent["newClientOrderId"]) == ("STOP_LOSS_LIMIT", identity(1))


def test_the_rules_of_a_market_are_told_exactly(venue: CcxtVenue) -> None:
    rules = venue.rules(SYMBOL)
    assert (rules.tick, rules.step, rules.min_quantity, rules.min_notional) == (
        Decimal("0.01"), Decimal("0.00001"), Decimal("0.00001"), Decimal("10"),
    )  # fmt: skip


@pytest.mark.parametrize("exchange_name", ["binance", "kraken", "okx"])
def test_a_client_id_is_read_back_as_it_was_written(exchange_name: str) -> None:
    sent = written(exchange_name, identity(7))
    assert form_of(exchange_name).read(sent) == identity(7)
    assert form_of(exchange_name).read("web_1") == "web_1"


def test_kraken_takes_our_id_as_a_uuid() -> None:
    assert written("kraken", "0123456789abcdef0123456789abcdef") == "01234567-89ab-cdef-0123-456789abcdef"


TAKEN = {
    "binance": "[A-Za-z0-9_-]{1,36}",
    "kraken": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "okx": "[A-Za-z0-9]{1,32}",
}
"""What each exchange takes as a client id, by its own documents."""


def test_every_form_of_a_client_id_is_one_that_its_exchange_takes_and_is_read_back() -> None:
    assert TAKEN.keys() == FORMS.keys()
    for exchange, pattern in TAKEN.items():
        sent = written(exchange, identity(255))
        assert re.fullmatch(pattern, sent), exchange
        assert form_of(exchange).read(sent) == identity(255)


def test_an_exchange_without_a_form_of_client_ids_is_refused() -> None:
    with pytest.raises(VenueRefused, match="not known how gate takes client ids"):
        written("gate", identity(1))
