"""What the demonstration may trade with."""

import pytest

from app.runtime.pictures.demo_trading import exchange_here

KEYS = {
    "DREAMSCAPE_TRADING__EXCHANGE": "binance",
    "DREAMSCAPE_TRADING__API_KEY": "key",
    "DREAMSCAPE_TRADING__API_SECRET": "secret",
}


def test_an_exchange_on_this_machine_is_taken_with_its_key():
    env = KEYS | {"DREAMSCAPE_TRADING__API_URL": "http://127.0.0.1:8080", "HOME": "/home/me"}
    assert exchange_here(env) == {name: value for name, value in env.items() if name != "HOME"}


@pytest.mark.parametrize("address", ["https://api.binance.com", "", "no address", "https://127.0.0.1.example.org"])
def test_no_other_one_is_ever_asked(address: str):
    assert exchange_here(KEYS | {"DREAMSCAPE_TRADING__API_URL": address}) == {}
    assert exchange_here(KEYS) == {}
