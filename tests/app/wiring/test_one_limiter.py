"""Account and bots ask one exchange as one: what any of them is told to leave alone is left alone by all."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.paths import Home
from app.program import Program
from app.secrets import Secrets
from app.wiring.plans.kinds import path_of
from services.core.process import Process
from services.orchestrator.definitions.building import build
from services.trading.learning.shadow_live import LiveShadowTrader
from services.trading.live.trader import LiveTrader
from services.trading.paper.live_trader import PaperTrader
from services.trading.venue.venue import VenueUnsure
from tests.support.exchange.loopback import KEY, SECRET, Loopback, loopback
from tests.support.until import until

MINUTE = timedelta(minutes=1)
LEAVE_ALONE = {
    "answer": {"status": 429, "headers": {"Retry-After": "600"}, "body": {"code": -1003, "msg": "Too many."}}
}


@pytest.fixture
def exchange() -> Iterator[Loopback]:
    with loopback() as running:
        running.ctl("price", symbol="BTCUSDT", price="50000")
        yield running


@pytest.fixture
def program(exchange: Loopback, tmp_path: Path) -> Iterator[Program]:
    named = {"EXCHANGE": "binance", "API_URL": exchange.url, "API_KEY": KEY, "API_SECRET": SECRET, "PLAY_MONEY": "1"}
    env = {f"DREAMSCAPE_TRADING__{name}": value for name, value in named.items()}
    made = Program(Home(tmp_path / "home", "a test"), env, safe_mode=True, secrets=Secrets(env, NoKeyring))
    made.run_steps()
    until(lambda: made.door is not None and made.door.open and made.door.ask(lambda desk: desk.reconciled))
    yield made
    made.close()


def built(program: Program, kind: type[Process], **more: Any) -> Any:
    """One bot of this kind, as the program builds and equips it."""
    path = path_of(kind)
    process = build(path, {"strategy": "eager.yaml", **more}, "a bot")
    program.engine.orchestrator.supervisor.launcher.equip[path](process)
    return process


def live(program: Program) -> tuple[Callable[[], Any], Callable[..., Any]]:
    equipment = built(program, LiveTrader)._equipped()
    return equipment.source, equipment.stream


def paper(program: Program) -> tuple[Callable[[], Any], Callable[..., Any]]:
    markets = built(program, PaperTrader)._markets
    return markets.market, markets.stream


def shadow(program: Program) -> tuple[Callable[[], Any], Callable[..., Any]]:
    markets = built(program, LiveShadowTrader, challenger={}, until="2026-03-02T00:00:00Z", windows=3)._markets
    return markets.market, markets.stream


BOTS = [live, paper, shadow]


def left_alone(program: Program, exchange: Loopback) -> None:
    """The account says that it waits, and nobody's question reaches the exchange."""
    assert program.door is not None
    contact = program.door.contact()
    assert contact is not None
    assert "asks to be left alone (429)" in contact.pause
    asked = len(exchange.asked())
    with pytest.raises(VenueUnsure, match="left alone"):
        program.door.ask(lambda desk: desk.register.venue.funds())
    for bot in BOTS:
        source, stream = bot(program)
        with closing(source()) as market, pytest.raises(VenueUnsure, match="left alone"):
            market.depth("BTC/USDT")
        with closing(stream("BTC/USDT", MINUTE)) as opened:
            opened.wait(0)
            assert "left alone" in opened.fault
    assert len(exchange.asked()) == asked


@pytest.mark.parametrize("bot", BOTS)
def test_what_one_bot_is_told_when_it_asks_for_bars_holds_for_all_and_for_the_account(
    program: Program, exchange: Loopback, bot: Callable[[Program], Any]
) -> None:
    source, _ = bot(program)
    with closing(source()) as market:
        exchange.fault("GET /api/v3/klines", LEAVE_ALONE)
        with pytest.raises(VenueUnsure):
            market.bars("BTC/USDT", MINUTE, market.now() - 5 * MINUTE)
    left_alone(program, exchange)


@pytest.mark.parametrize("bot", BOTS)
def test_what_one_bots_stream_is_told_holds_for_all_and_for_the_account(
    program: Program, exchange: Loopback, bot: Callable[[Program], Any]
) -> None:
    _, stream = bot(program)
    exchange.fault("GET /api/v3/exchangeInfo", LEAVE_ALONE)
    with closing(stream("BTC/USDT", MINUTE)) as opened:
        opened.wait(0.05)
    left_alone(program, exchange)
