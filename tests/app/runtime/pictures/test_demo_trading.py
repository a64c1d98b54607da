"""What the demonstration may trade with, and what it does there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import Home
from app.program import Program
from app.runtime.pictures import demo, demo_trading
from app.runtime.pictures.demo_trading import BOT, MARKET, Account, exchange_here
from services.trading.desk.door import Door
from tests.support.desks import Floor
from tests.support.live_world import Serving

KEYS = {
    "DREAMSCAPE_TRADING__EXCHANGE": "binance",
    "DREAMSCAPE_TRADING__API_KEY": "key",
    "DREAMSCAPE_TRADING__API_SECRET": "secret",
}
PLAY = {"DREAMSCAPE_TRADING__PLAY_MONEY": "true"}


def test_an_exchange_on_this_machine_is_taken_with_its_key():
    env = KEYS | PLAY | {"DREAMSCAPE_TRADING__API_URL": "http://127.0.0.1:8080", "HOME": "/home/me"}
    assert exchange_here(env) == {name: value for name, value in env.items() if name != "HOME"}


@pytest.mark.parametrize("address", ["https://api.binance.com", "", "no address", "https://127.0.0.1.example.org"])
def test_no_other_one_is_ever_asked(address: str):
    assert exchange_here(KEYS | PLAY | {"DREAMSCAPE_TRADING__API_URL": address}) == {}
    assert exchange_here(KEYS | PLAY) == {}


def test_nor_is_one_on_this_machine_that_nobody_said_to_deal_in_play_money():
    """A tunnel to a real exchange lies on this machine too."""
    assert exchange_here(KEYS | {"DREAMSCAPE_TRADING__API_URL": "http://127.0.0.1:8080"}) == {}


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db")
    made.desk.round()
    yield made
    made.close()


@pytest.fixture
def program(tmp_path: Path, floor: Floor) -> Program:
    """One whose demonstration has bought."""
    program = Program(Home(tmp_path / "home"), {}, clock=floor.clock)
    program.door = Serving(floor)
    Account(program).trade()
    floor.pass_seconds(3, rounds=3)
    return program


def test_it_buys_once_and_its_stop_rests_at_the_exchange(floor: Floor, program: Program):
    assert floor.desk.book.holding(BOT, MARKET).quantity > 0
    assert len(floor.stops()) == 1
    Account(program).stop()
    floor.pass_seconds(3, rounds=3)
    assert Account(program).bring_to_rest() == []
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert floor.stops() == []


def test_what_cannot_be_sold_before_it_ends_is_named(floor: Floor, program: Program, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo_trading, "PATIENCE", 0.0)
    program.door = Door(floor.clock)
    left = Account(program).bring_to_rest()
    assert [MARKET in each for each in left] == [True]
    assert "does not run" in left[0]


def test_a_demonstration_inherits_no_exchange_unless_it_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    env = KEYS | PLAY | {"DREAMSCAPE_TRADING__API_URL": "http://127.0.0.1:8080"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(demo, "add_challenger", lambda home, name: None)
    monkeypatch.setattr(demo, "_project", lambda folder, python: folder)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert demo.prepare(tmp_path / "one").env == {}
    assert demo.prepare(tmp_path / "two", env).env == env


def test_without_an_exchange_nothing_is_traded(tmp_path: Path):
    Account(Program(Home(tmp_path / "home"), {})).trade()
