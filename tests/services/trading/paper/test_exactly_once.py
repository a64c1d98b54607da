"""Killed, cancelled or left without an answer, a replay ends with the fills of an undisturbed one."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.clock import SystemClock
from services.core.effects import Effect, Outcome, Standing
from services.core.process.context import Because
from services.trading.events import Filled, SessionEnded, SessionStarted
from services.trading.paper.broker import PaperBroker
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from tests.support.examples import examples
from tests.support.host import MemoryHost, told
from tests.support.killing import KillableHost, KilledAfterDeed
from tests.support.replays import host_at, money, trader, undisturbed


@given(kill_at=st.integers(1, 900), again=st.integers(1, 900))
@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_killed_at_any_moment_twice_it_ends_with_the_fills_of_an_undisturbed_run(
    tmp_path_factory: pytest.TempPathFactory, kill_at: int, again: int
) -> None:
    folder = tmp_path_factory.mktemp("killed")
    fills, orders = undisturbed(folder)
    host = KillableHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")})
    for moment in (kill_at, again, None):
        if host.run_until(moment, trader(folder)):
            break
    assert money(told(host, Filled)) == money(fills)
    assert PaperBroker(folder / "paper.db").fills() == orders
    assert PaperBroker(folder / "paper.db").received() == len(orders)
    assert len(told(host, SessionStarted)) == len(told(host, SessionEnded)) == 1


def test_killed_between_each_deed_and_its_outcome_it_places_no_second_order(tmp_path: Path) -> None:
    fills, orders = undisturbed(tmp_path)
    handler = KilledAfterDeed(PlaceOnPaper(tmp_path / "paper.db"), times=len(orders))
    host = KillableHost({PlaceOrder: handler})
    runs = [host.run_until(None, trader(tmp_path)) for _ in range(len(orders) + 1)]
    assert runs == [False] * len(orders) + [True]
    assert money(told(host, Filled)) == money(fills)
    assert PaperBroker(tmp_path / "paper.db").received() == len(orders)


def test_cancelled_at_any_candle_and_run_again_it_ends_with_the_same_fills(tmp_path: Path) -> None:
    fills, orders = undisturbed(tmp_path)
    host = host_at(tmp_path)
    for beats in (3, 100, 257, 90, 411, None):
        host.end_after = beats
        host.run(trader(tmp_path), "bot")
    assert money([fill for fill in told(host, Filled) if fill.session == 1]) == money(fills)
    assert PaperBroker(tmp_path / "paper.db").fills(host.acts[0].account) == orders  # type: ignore[attr-defined]


class PatientClock(SystemClock):
    """Time passes as it is waited for, so that a test need not."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


class AnswersLost(MemoryHost):
    """The first answer about each order is lost on its way."""

    def act(self, effect: Effect, because: Because) -> Outcome:
        known = effect.key in self.outcomes
        outcome = super().act(effect, because)
        return outcome if known else Outcome(Standing.UNKNOWN, why="no answer")

    def pause_for(self, timeout: float) -> None:
        assert isinstance(self.clock, PatientClock)
        self.clock.at += timeout


def test_while_an_orders_outcome_is_unknown_it_asks_again_and_trades_nothing_else(tmp_path: Path) -> None:
    fills, orders = undisturbed(tmp_path)
    host = AnswersLost({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")}, clock=PatientClock())
    host.run(trader(tmp_path), "bot")
    assert money(told(host, Filled)) == money(fills)
    assert PaperBroker(tmp_path / "paper.db").received() == len(orders)
    assert {wait.partition(":")[0] for wait in host.waits} == {"what came of"}
