"""Who closes a position on paper: the bot is run anew, with the position that is meant, and no other."""

from concurrent.futures import Future
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.control.account import told
from app.control.protocol import Request
from app.wiring.paper_closing import obey_paper_closing
from app.wiring.plans.kinds import path_of
from services.core.clock import SystemClock
from services.core.commands import Commands
from services.core.effects import Refused
from services.core.events import Recorded
from services.orchestrator.commands import CancelProcess, RunAnew
from services.trading.desk.commands import ClosePosition, NothingHeld, StopAccount
from services.trading.events import Filled, SessionStarted
from services.trading.fills import Side
from services.trading.live.trader import LiveTrader
from services.trading.paper.commands import ClosePaper
from services.trading.paper.process import ReplayTrader
from services.trading.tape import TradingTapes

AT = datetime(2026, 1, 1, tzinfo=UTC)
BEGUN = SessionStarted("s", "v", 2, "ETH/BTC", "5m", "generated", "", 9, AT, AT, 1.0, "next_open", 0.001, 0.0)


def filled(held: float, trades: int) -> Filled:
    side = Side.BUY if held else Side.SELL
    return Filled(2, "ETH/BTC", "generated", "c", side, 1.0, 0.1, 0.0, AT, 0.9, held, 1.0, 0.0, trades)


class World:
    """What the engine has, with one bot, and what it was told."""

    def __init__(self, kind: type, *fills: Filled) -> None:
        tapes, self.told = TradingTapes(), list[RunAnew | CancelProcess]()
        for seq, event in enumerate((BEGUN, *fills), 1):
            tapes.fold(Recorded(seq, AT, "bot", event))
        self.commands = Commands()
        self.board = SimpleNamespace(values={TradingTapes.name: tapes.value()})
        unit = SimpleNamespace(plan=SimpleNamespace(path=path_of(kind)), paused_by="")
        self.orchestrator = SimpleNamespace(units={"bot": unit}, running=frozenset)
        self.clock = SystemClock()
        self.ask = lambda asked: asked()
        self.workers = SimpleNamespace(start=lambda name, work: work())
        self.commands.register(CancelProcess, self._run)
        self.commands.register(RunAnew, self._run)
        obey_paper_closing(self)  # type: ignore[arg-type]

    def _run(self, command: RunAnew | CancelProcess, by: str) -> "Future[Any]":
        self.told.append(command)
        done: Future[Any] = Future()
        done.set_result(None)
        return done

    def close(self, position: str = "", symbol: str = "") -> Any:
        return self.commands.dispatch(ClosePaper("bot", position, symbol)).result(5)


@pytest.mark.parametrize("position", ["", "2/3"])
def test_the_bot_is_run_anew_with_the_position_that_it_holds(position: str) -> None:
    world = World(ReplayTrader, filled(1.0, 3))
    assert world.close(position) == {"bot": "bot", "markets": ["ETH/BTC"], "paper": True}
    assert world.told == [RunAnew("bot", {"close": "2/3"})]


def test_a_market_that_is_named_has_to_be_the_one_that_is_held() -> None:
    world = World(ReplayTrader, filled(1.0, 3))
    with pytest.raises(Refused, match=r"nothing of BTC/USDT is held on paper by bot, which holds ETH/BTC"):
        world.close(symbol="BTC/USDT")
    assert world.told == []
    assert world.close(symbol="ETH/BTC")["paper"]


def test_one_that_is_paused_ends_its_run_and_has_one_that_closes_alone() -> None:
    world = World(ReplayTrader, filled(1.0, 3))
    world.orchestrator.units["bot"].paused_by = "user"
    assert world.close() == {"bot": "bot", "markets": ["ETH/BTC"], "paper": True, "paused": True}
    assert world.told == [CancelProcess("bot"), RunAnew("bot", {"close": "2/3", "only_close": True}, reduces=True)]


@pytest.mark.parametrize(
    ("world", "position", "why"),
    [
        (World(ReplayTrader, filled(1.0, 3), filled(0.0, 4)), "", "nothing is held on paper by bot"),
        (World(ReplayTrader, filled(1.0, 4)), "2/3", "that position was left meanwhile"),
        (World(LiveTrader, filled(1.0, 3)), "", "nothing is held on paper by bot"),
    ],
)
def test_what_is_not_held_or_not_meant_or_not_on_paper_is_left_alone(world: World, position: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        world.close(position)
    assert world.told == []


class Accounted(World):
    """The same beside an account at an exchange, which answers this when it is to close something."""

    def __init__(self, answer: dict[str, Any] | Refused, *fills: Filled) -> None:
        super().__init__(ReplayTrader, *fills)

        def closed(command: ClosePosition, by: str) -> "Future[Any]":
            done: Future[Any] = Future()
            if isinstance(answer, Refused):
                done.set_exception(answer)
            else:
                done.set_result(answer)
            return done

        self.commands.register(ClosePosition, closed)
        self.commands.register(StopAccount, self._run)  # type: ignore[arg-type]

    def word(self) -> Any:
        """What comes of 'close bot'."""
        return told(self, Request("close", {"bot": "bot", "symbol": ""}), True)  # type: ignore[arg-type]


SOLD = {"bot": "bot", "markets": ["BTC/USDT"]}
ON_PAPER = {"bot": "bot", "markets": ["ETH/BTC"], "paper": True}
NOTHING, NOBODY = NothingHeld("the account knows no bot called bot"), Refused("the account process does not run")


def test_what_one_of_its_name_left_at_the_exchange_is_sold_and_what_stays_on_paper_is_told() -> None:
    world = Accounted(SOLD, filled(1.0, 3))
    assert world.word() == {**SOLD, "stays": "on paper"}
    assert world.told == []
    assert Accounted(SOLD, filled(1.0, 3), filled(0.0, 4)).word() == SOLD


def test_else_what_it_holds_on_paper_is_closed_and_an_account_that_could_not_be_asked_is_told() -> None:
    assert Accounted(NOTHING, filled(1.0, 3)).word() == ON_PAPER
    assert Accounted(NOBODY, filled(1.0, 3)).word() == {**ON_PAPER, "unasked": str(NOBODY)}


def test_one_that_holds_nothing_anywhere_is_told_both() -> None:
    with pytest.raises(Refused, match=r"nothing is held on paper by bot;.* at the exchange: the account knows no bot"):
        Accounted(NOTHING).word()
