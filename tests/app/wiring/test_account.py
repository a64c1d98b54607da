"""The exchange account in the care of the real program, against the loopback exchange."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.environment import detect, gather
from app.paths import Home
from app.program import Program
from app.secrets import Secrets
from app.settings.model import Guards, Trading
from app.wiring.account import instance_of, is_live, limits_of, wish_of
from services.core.commands.command import CommandGiven
from services.core.errors import UserError
from services.trading.desk.asking import EnterPosition
from services.trading.desk.client_ids import is_ours
from services.trading.desk.commands import ClosePosition, DisarmAccount, StopAccount
from services.trading.desk.events import OrderFilled
from services.trading.venue.arming import judge
from tests.support.exchange.loopback import KEY, SECRET, Loopback, loopback
from tests.support.until import until

D = Decimal


@pytest.fixture
def exchange() -> Iterator[Loopback]:
    with loopback() as running:
        running.ctl("balance", USDT="10000", BTC="0.5")
        running.ctl("price", symbol="BTCUSDT", price="50000")
        yield running


@pytest.fixture
def program(exchange: Loopback, tmp_path: Path) -> Iterator[Program]:
    named = {"EXCHANGE": "binance", "API_URL": exchange.url, "API_KEY": KEY, "API_SECRET": SECRET, "PLAY_MONEY": "1"}
    env = {f"DREAMSCAPE_TRADING__{name}": value for name, value in named.items()}
    made = Program(Home(tmp_path / "home", "a test"), env, safe_mode=True, secrets=Secrets(env, NoKeyring))
    made.run_steps()
    yield made
    made.close()


def test_even_in_safe_mode_the_account_is_kept_and_a_strategys_wish_ends_in_a_position_with_its_stop(
    exchange: Loopback, program: Program
) -> None:
    engine = program.engine
    wish = EnterPosition(
        "curl", "BTC/USDT", "09:00", D(1000), D(400), D(47500), program.clock.now() + timedelta(minutes=5)
    )
    until(lambda: engine.acts.decide(wish, "the test", "test").done)  # refused until it is reconciled
    until(lambda: [order for order in exchange.ledger()["orders"] if order["type"] == "STOP_LOSS_LIMIT"])
    orders = exchange.ledger()["orders"]
    mark = instance_of(program.home.accounts / "instance")
    assert [order["side"] for order in orders] == ["BUY", "SELL"]
    assert all(is_ours(mark, order["clientOrderId"]) for order in orders)
    assert engine.acts.decide(wish, "the test", "test").done
    assert program.door is not None
    contact = program.door.contact()
    assert contact is not None, "the account is kept"
    assert contact.offset_seconds is not None
    assert 0 < contact.weight_used <= contact.weight_most
    assert engine.clock.result(engine.commands.dispatch(StopAccount("test")))["remaining"] == []
    assert [order["status"] for order in exchange.ledger()["orders"]] == ["FILLED", "CANCELED", "FILLED"]


def test_a_store_that_takes_nothing_keeps_no_position_from_being_closed_and_no_account_from_being_disarmed(
    exchange: Loopback, program: Program
) -> None:
    engine = program.engine
    soon = program.clock.now() + timedelta(minutes=5)
    wish = EnterPosition("curl", "BTC/USDT", "09:00", D(1000), D(400), D(47500), soon)
    until(lambda: engine.acts.decide(wish, "the test", "test").done)
    until(lambda: [order for order in exchange.ledger()["orders"] if order["type"] == "STOP_LOSS_LIMIT"])
    with closing(sqlite3.connect(engine.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        disarm = engine.commands.dispatch(DisarmAccount("test"))
        until(lambda: engine.journal.health.trouble)
        assert engine.clock.result(disarm, 10)["armed"] is False
        closed = engine.clock.result(engine.commands.dispatch(ClosePosition("curl")), 10)
        assert closed["markets"] == ["BTC/USDT"]
        assert "the store does not take writes" in closed["amiss"]
        until(lambda: [order["status"] for order in exchange.ledger()["orders"]] == ["FILLED", "CANCELED", "FILLED"])
        other.execute("ROLLBACK")
    until(lambda: len([each for each in engine.journal.read() if isinstance(each.event, OrderFilled)]) == 2)
    given = [each.event.command for each in engine.journal.read() if isinstance(each.event, CommandGiven)]
    assert given[-2:] == ["account.disarm", "position.close"]


def test_the_mark_of_our_orders_is_made_once_and_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "instance"
    made = instance_of(path)
    assert instance_of(path) == made
    path.write_text("gone\n")
    with pytest.raises(UserError, match="no mark of orders"):
        instance_of(path)


@pytest.mark.parametrize(
    ("said", "real"),
    [
        ({}, True),
        ({"api_url": "http://127.0.0.1:1"}, True),
        ({"api_url": "http://127.0.0.1:1", "play_money": True}, False),
        ({"api_url": "https://exchange.example", "play_money": True}, True),
        ({"play_money": True}, True),
    ],
)
def test_money_is_real_unless_a_person_says_otherwise_of_an_exchange_on_this_machine(said, real):
    """An address of this machine may be the near end of a tunnel."""
    assert is_live(Trading(**said)) is real


GUARDS: dict[str, tuple[object, str, object]] = {
    "currency": ("EUR", "currency", "EUR"),
    "size": ("100", "size", D(100)),
    "exposure": ("200", "exposure", D(200)),
    "daily_loss": ("30", "daily_loss", D(30)),
    "drawdown": ("0.1", "drawdown", D("0.1")),
    "capital": ("500", "capital", D(500)),
    "cool_down_seconds": (90, "cool_down", timedelta(seconds=90)),
    "collar": ("0.02", "collar", D("0.02")),
    "spread": ("0.001", "spread", D("0.001")),
    "orders_per_bot": (3, "orders_per_bot", 3),
    "orders_per_account": (7, "orders_per_account", 7),
    "open_orders": (4, "open_orders", 4),
    "rejected_streak": (2, "rejected_streak", 2),
    "first_trips": (9, "small_trips", 9),
    "first_size": ("15", "small_size", D(15)),
}
"""Of each guard of the settings a value that is not its default, and what the desk is to have of it."""


def test_every_guard_of_the_settings_reaches_the_desk() -> None:
    assert GUARDS.keys() == Guards.model_fields.keys()
    plain = limits_of(Trading())
    for key, (said, name, wanted) in GUARDS.items():
        assert limits_of(Trading(guards=Guards(**{key: said}))) == replace(plain, **{name: wanted}) != plain, key
    assert limits_of(Trading(day_starts="Asia/Tokyo")) == replace(plain, day_starts="Asia/Tokyo")


def test_a_guard_that_nobody_set_is_what_was_agreed_on() -> None:
    plain = limits_of(Trading())
    assert (plain.size, plain.exposure, plain.daily_loss, plain.capital) == (None, None, None, None)
    assert (plain.drawdown, plain.collar, plain.spread) == (D("0.2"), D("0.01"), D("0.005"))
    assert (plain.small_trips, plain.small_size, plain.rejected_streak) == (5, D(20), 3)
    assert (plain.stale_after, plain.clock_offset) == (timedelta(seconds=30), timedelta(seconds=1))
    assert plain.day_starts == "UTC"


def test_whoever_arms_is_told_which_caps_are_not_set(tmp_path: Path) -> None:
    here = detect(gather(tmp_path, {}))
    (told,) = (each for each in judge(wish_of(Trading(), here, "")).know if each.startswith("nothing caps"))
    assert told == (
        "nothing caps what one entry may cost, what may be at risk over all bots, the loss of a day, what all bots "
        "together may be given: trading.guards.size, trading.guards.exposure, trading.guards.daily_loss, "
        "trading.guards.capital are not set"
    )
    capped = Guards(size=D(1), exposure=D(1), daily_loss=D(1), capital=D(1))
    assert wish_of(Trading(guards=capped), here, "").uncapped == ()
