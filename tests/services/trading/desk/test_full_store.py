"""A program's store that takes nothing, as on a full disk, holds up nothing of what the account needs."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import pytest

from services.core.clock import SystemClock
from services.core.effects.acts import Acts
from services.core.journal import Journal
from services.core.process.context import Context
from services.core.process.lease import Lease
from services.core.samples import Samples
from services.core.store import Store, open_store
from services.orchestrator.units.host import House, RunHost
from services.orchestrator.units.run import new_control
from services.trading.desk.desk import Desk, Opening
from services.trading.desk.door import Door
from services.trading.desk.keeper import Account, AccountKeeper
from services.trading.desk.waiting import HoldNeverArrived
from tests.support.desk_facts import INSTANCE
from tests.support.desks import Floor
from tests.support.manual_clock import ManualClock
from tests.support.until import until

PATIENT = 30
"""Pauses of the account process in one of these tests."""


class Impatient(ManualClock):
    """Tells whoever waits for the store, which would be for ever."""

    def result(self, future: "Future[Any]", timeout: float | None = None) -> Any:
        raise AssertionError("it waits for the store")


Run = Callable[[], None]
Host = TypeVar("Host", bound=RunHost)


class Over(BaseException):
    """Ends a run that is never told to end."""


class Pausing(RunHost):
    """Lets the time of each pause pass; ``at`` does something in one of them."""

    paused = 0
    at: Callable[[int], None] = staticmethod(lambda number: None)

    def pause_for(self, timeout: float) -> None:
        self.paused += 1
        self.house.clock.advance(timeout)  # type: ignore[attr-defined]
        self.at(self.paused)
        if self.paused == PATIENT:
            raise Over


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db", Impatient())
    yield made
    made.close()


@pytest.fixture
def journal(tmp_path: Path, floor: Floor) -> Iterator[Journal]:
    """Nobody writes what it takes."""
    store: Store = open_store(tmp_path / "dreamscape.db", tmp_path / "backups", SystemClock().now)
    yield Journal(store, floor.clock)
    store.close()


def keeping(floor: Floor, journal: Journal, door: Door, tmp_path: Path, host: type[Host]) -> tuple[Host, Run]:
    """A host of the account process, and the run on it."""
    clock = floor.clock
    acts = Acts(journal, clock, {HoldNeverArrived: object()})  # type: ignore[dict-item]
    house = House(journal, Samples(tmp_path / "samples", clock), acts, clock, lambda *told: {})
    made = host(house, Lease("account", 1), new_control(clock), lambda: None)
    account = Account(floor.path, tmp_path / "lease", lambda: floor.venue, Opening(INSTANCE))
    return made, lambda: AccountKeeper(account, door).run(Context("account", 1, made, clock))


def kept(floor: Floor, journal: Journal, at: Callable[[int], None], door: Door, tmp_path: Path) -> None:
    """The account is kept for a while."""
    host, run = keeping(floor, journal, door, tmp_path, Pausing)
    host.at = at
    with pytest.raises(Over):
        run()


def test_rounds_and_the_door_go_on_and_what_waits_for_the_store_stays_bounded(
    floor: Floor, journal: Journal, tmp_path: Path
) -> None:
    floor.bought()
    assert floor.stops()
    journal.health.queued = 5_000
    door, seen = Door(floor.clock), list[Future[Any]]()

    def at(number: int) -> None:
        if number == 10:
            floor.price("47000")
        if number == 20:
            seen.append(door.hand(lambda desk: desk.panic.remaining()))

    written = len(journal._queue)
    kept(floor, journal, at, door, tmp_path)
    assert seen[0].result(0) == []
    assert len(journal._queue) - written <= 2


def test_a_question_for_a_person_waits_for_the_store_and_nothing_waits_for_the_question(
    floor: Floor, journal: Journal, tmp_path: Path
) -> None:
    floor.venue.settling, floor.venue.wrong = None, ["never"]
    floor.bought()
    pauses = list[int]()
    kept(floor, journal, pauses.append, Door(floor.clock), tmp_path)
    assert len(pauses) == PATIENT
    assert len(journal._queue) <= 2


def test_what_is_handed_in_at_the_door_is_taken_on_at_once_and_not_at_the_next_look(
    floor: Floor, journal: Journal, tmp_path: Path
) -> None:
    """No time passes by the clock of the account process: its wait is ended."""
    door, ended = Door(floor.clock), list[bool]()
    _, run = keeping(floor, journal, door, tmp_path, RunHost)

    def until_over() -> None:
        try:
            run()
        except Over:
            ended.append(True)

    def end(desk: Desk) -> None:
        raise Over

    thread = threading.Thread(target=until_over)
    thread.start()
    until(lambda: door.open and floor.clock._waiters)
    try:
        for number in range(3):
            assert door.hand(lambda desk, number=number: number).result(10) == number
    finally:
        door.hand(end)
        floor.clock.advance(2)
        thread.join(10)
    assert ended == [True]


def test_an_account_on_a_disk_that_is_full_at_the_start_is_kept_stopped_and_told_once_there_is_room(
    floor: Floor, journal: Journal, tmp_path: Path
) -> None:
    floor.bought()
    floor.close()
    beside = floor.path.with_name(f"{floor.path.name}-wal")
    beside.mkdir()  # as no log can be begun beside it on a full disk
    door, written = Door(floor.clock), len(journal._queue)

    def at(number: int) -> None:
        if number == 12:  # what a desk before may just have sent is waited for
            assert len(journal._queue) == written
            door.hand(lambda desk: desk.stop_all("test"))
        if number == 20:
            beside.rmdir()

    kept(floor, journal, at, door, tmp_path)
    assert floor.ours() == []
    assert len([trade for trade in floor.venue.engine.ledger.trades if not trade.order.buys]) == 1
    assert len(journal._queue) > written
    assert floor.restart().panic.on
