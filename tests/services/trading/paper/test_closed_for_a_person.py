"""A position that a person closes is sold once, at the next open, and the trader goes on."""

from functools import cached_property
from pathlib import Path

from services.core.effects import Effect, Outcome, Standing
from services.core.process.context import Because, Order
from services.trading.events import Filled, OrderDeclined
from services.trading.fills import Side
from services.trading.paper.commands import ASKED
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from tests.support.host import MemoryHost, told
from tests.support.replays import host_at, money, trader, undisturbed


class Reasons(MemoryHost):
    """Remembers why each order was placed, and ends the run after the third and the fifth."""

    def act(self, effect: Effect, because: Because) -> Outcome:
        self.reasons.append(because)
        if len(self.reasons) in (3, 5):
            self.order = Order.CANCEL
        return super().act(effect, because)

    @cached_property
    def reasons(self) -> list[Because]:
        return []


def test_a_position_that_a_person_closes_is_sold_at_the_next_open_once_and_it_trades_on(tmp_path: Path) -> None:
    peace, _ = undisturbed(tmp_path)
    bought = peace[2]
    host = Reasons({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")})
    host.run(trader(tmp_path), "bot")
    assert len(told(host, Filled)) == 3
    for _ in range(2):  # restarted, it is told the same again
        host.run(trader(tmp_path, close=f"1/{bought.trades}"), "bot")
    fills = told(host, Filled)
    assert (fills[3].side, fills[3].quantity) == (Side.SELL, bought.quantity)
    assert fills[3].candle < peace[3].candle
    assert [because["rule"] for because in host.reasons if "rule" in because] == [ASKED]
    assert money(fills)[:3] == money(peace)[:3]
    assert fills[4].side is Side.BUY


class DeclinesOne(Reasons):
    """Its broker declines the first order that a person asked for."""

    def act(self, effect: Effect, because: Because) -> Outcome:
        if because.get("rule") == ASKED and "declined" not in self.__dict__:
            self.declined = True
            return Outcome(Standing.NOT_DONE, why="the broker takes nothing now")
        return super().act(effect, because)


def test_what_the_broker_declines_to_close_for_a_person_is_later_sold_by_its_own_reason(tmp_path: Path) -> None:
    peace, _ = undisturbed(tmp_path)
    host = DeclinesOne({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")})
    host.run(trader(tmp_path), "bot")
    host.run(trader(tmp_path, close=f"1/{peace[2].trades}"), "bot")
    assert [event.why for event in told(host, OrderDeclined)] == ["the broker takes nothing now"]
    assert money(told(host, Filled)) == money(peace)[:5]
    assert [because for because in host.reasons if because.get("rule") == ASKED] == []


def test_a_position_that_is_held_no_more_is_not_closed_in_the_place_of_another(tmp_path: Path) -> None:
    peace, _ = undisturbed(tmp_path)
    host = host_at(tmp_path)
    host.run(trader(tmp_path, close="1/999"), "bot")
    assert money(told(host, Filled)) == money(peace)
