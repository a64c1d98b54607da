import pytest

from services.core.clock import SystemClock
from services.core.errors import UserError
from services.trading.venue.access import Access, split
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.dialect import dialect_of
from services.trading.venue.jail import Jail, Jailed
from services.trading.venue.limiter import Limiter
from services.trading.venue.opening import open_exchange
from services.trading.venue.venue import VenueRefused, VenueUnsure
from tests.support.exchange.loopback import CREATE, Loopback
from tests.support.stranger import Stranger
from tests.support.tickets import SYMBOL, buy


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_other_host_sees_nothing(
    venue: CcxtVenue, exchange: Loopback, stranger: Stranger, status: int
) -> None:
    away = {"Location": f"http://127.0.0.1:{stranger.server_port}/api/v3/account"}
    for request in ("GET /api/v3/account", CREATE):
        exchange.fault(request, answer={"status": status, "headers": away})
    with pytest.raises(VenueUnsure):
        venue.funds()
    with pytest.raises(VenueUnsure):
        venue.place(buy())
    assert stranger.connections == 0


def test_a_redirect_within_the_exchange_is_not_followed_either(venue: CcxtVenue, exchange: Loopback) -> None:
    away = {"Location": f"{exchange.url}/api/v3/openOrders"}
    exchange.fault("GET /api/v3/account", answer={"status": 302, "headers": away})
    with pytest.raises(VenueUnsure):
        venue.funds()
    assert exchange.asked("GET /api/v3/openOrders") == []


def test_an_address_that_a_library_puts_back_is_refused_before_a_connection_is_opened(
    access: Access, stranger: Stranger
) -> None:
    clock, dialect = SystemClock(), dialect_of("binance")
    opened = open_exchange(access, dialect, Limiter("", clock, 6000, dialect.weight_header), 1.0)
    opened.exchange.urls["api"]["private"] = f"http://127.0.0.1:{stranger.server_port}/api/v3"
    with pytest.raises(Jailed, match="was refused"):
        opened.exchange.fetch_balance({"type": "spot"})
    assert stranger.connections == 0
    with pytest.raises(VenueRefused, match="sandbox"):
        opened.exchange.set_sandbox_mode(True)
    opened.exchange.session.close()


def test_a_proxy_of_the_environment_is_not_asked(
    venue: CcxtVenue, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{stranger.server_port}")
    monkeypatch.setenv("no_proxy", "")
    venue.funds()
    assert stranger.connections == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:81/x", "https://127.0.0.1:80/x", "http://127.0.0.2:80/",
                                     "http://127.0.0.1@evil.example/", "http://127.0.0.1.evil.example", "ftp://h",
                                     "http://[", ""])  # fmt: skip
def test_another_host_scheme_or_port_is_outside(address: str) -> None:
    with pytest.raises(Jailed):
        Jail(frozenset({"http://127.0.0.1:80"})).check(address)


def test_the_same_address_is_inside_however_its_port_is_written() -> None:
    jail = Jail(frozenset({"http://127.0.0.1:80"}))
    jail.check("http://127.0.0.1/api?key=1")
    jail.check("HTTP://127.0.0.1:80/")
    jail.check_peer("127.0.0.1", 80)


@pytest.mark.parametrize(
    "address, why",
    [
        ("api.example.com", "is no address"),
        ("ftp://127.0.0.1", "is no address"),
        ("https://user:word@host", "names no user"),
        ("https://host/?a=1", "no query"),
        ("http://api.example.com", "in the clear"),
        ("http://127.0.0.1:port", "is no address"),
    ],
)
def test_an_address_that_may_not_be_spoken_to_is_refused_with_why(address: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        split(address)


def test_the_keys_are_no_part_of_what_an_access_says_of_itself(access: Access) -> None:
    assert "testsecret" not in repr(access)
    assert "testkey" not in repr(access)
    assert access.public().key == ""
    assert SYMBOL not in access.account
