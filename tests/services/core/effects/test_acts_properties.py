"""Whatever crashes, restarts and answers come: nothing is done twice, and the ledger never contradicts the outside."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.core import faults
from services.core.clock import SystemClock
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import NotWaiting, by_key
from services.core.effects import SETTLING, Details, Effect, Outcome, Refused, Standing
from services.core.effects.acts import Acts
from services.core.journal import Journal
from services.core.store import open_store
from tests.support.examples import examples


class Passing(SystemClock):
    """A clock on which time passes when the test says so."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead.total_seconds()


CLOCK = Passing()


class Crash(BaseException):
    """The program dies here; what was in memory is lost, what was on disk stays."""


class Fare(Enum):
    """How an act fares at the outside."""

    WELL = "well"
    REFUSED = "refused"
    LOST_REQUEST = "an error before it happened"
    LOST_ANSWER = "an error after it happened"
    LATE = "an error before it happened, and then it happens"
    CRASH_LATE = "the program dies as it acts, and then it happens"
    CRASH_AT_INTENT = "the program dies before it acts"
    CRASH_BEFORE = "the program dies as it acts, before it happened"
    CRASH_AFTER = "the program dies as it acts, after it happened"
    CRASH_AT_OUTCOME = "the program dies before it writes the outcome"


class Buy(Effect, name="test.buy"):
    cause: int

    @property
    def key(self) -> str:
        return f"buy:{self.cause}"

    @property
    def what(self) -> str:
        return f"Buy for cause {self.cause}"


class Outside:
    """Counts what was done, and what was taken back; can be unreachable."""

    def __init__(self) -> None:
        self.done: dict[str, int] = {}
        self.ever: dict[str, int] = {}
        self.fare = Fare.WELL
        self.reachable = True
        self.lateness = timedelta()
        self.on_their_way: list[tuple[datetime, str, int]] = []

    def arrive(self) -> None:
        """What was late and has had its time happens now."""
        now = CLOCK.now()
        due = [each for each in self.on_their_way if each[0] <= now]
        self.on_their_way = [each for each in self.on_their_way if each[0] > now]
        for _, happen, amount in due:
            self._happens(happen, amount)

    def _happens(self, happen: str, amount: int) -> None:
        self.done[happen] = self.done.get(happen, 0) + amount
        self.ever[happen] = self.ever.get(happen, 0) + max(amount, 0)

    def _meet(self, happen: str, amount: int) -> Details:
        if self.fare is Fare.REFUSED:
            raise Refused("no funds")
        if self.fare is Fare.LOST_REQUEST:
            raise ConnectionError("never arrived")
        if self.fare is Fare.CRASH_BEFORE:
            raise Crash
        if self.fare in (Fare.LATE, Fare.CRASH_LATE):
            self.on_their_way.append((CLOCK.now() + self.lateness, happen, amount))
            raise TimeoutError("gave up waiting") if self.fare is Fare.LATE else Crash
        self._happens(happen, amount)
        if self.fare is Fare.LOST_ANSWER:
            raise TimeoutError("no answer")
        if self.fare is Fare.CRASH_AFTER:
            raise Crash
        return {"number": self.ever[happen]}

    def carry_out(self, effect: Buy) -> Details:
        return self._meet(effect.key, 1)

    def undo(self, effect: Buy, details: Details) -> Details:
        return self._meet(effect.key, -1)

    def look_up(self, effect: Buy) -> Outcome:
        if not self.reachable:
            raise ConnectionError("the outside cannot be asked")
        return Outcome(Standing.DONE if self.done.get(effect.key) else Standing.NOT_DONE)


class World:
    """One store and one outside, over many lives of the program."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder / "s.db", folder, CLOCK.now)
        self.journal = Journal(self.store, CLOCK)
        self.journal.start()
        self.outside = Outside()
        self.restart()

    def restart(self) -> None:
        """A new life: only the store and the outside remember."""
        self.acts = Acts(self.journal, CLOCK, {Buy: self.outside})

    def act(self, cause: int) -> None:
        outcome = self.acts.decide(Buy(cause), "because", "rule:test")
        if outcome.done:
            assert self.outside.done.get(f"buy:{cause}") == 1

    def undo(self, cause: int) -> None:
        entry = self.journal.write(lambda tx: by_key(tx, f"buy:{cause}")).result()
        if entry is not None:
            with suppress(NotWaiting):
                self.acts.undo(entry.decision.id)

    def verdict(self, cause: int) -> Verdict | None:
        entry = self.journal.write(lambda tx: by_key(tx, f"buy:{cause}")).result()
        return entry.decision.verdict if entry else None

    def check(self, cause: int) -> None:
        """What must hold after every step."""
        key, verdict = f"buy:{cause}", self.verdict(cause)
        done = self.outside.done.get(key, 0)
        assert self.outside.ever.get(key, 0) <= 1, "done twice"
        assert done in (0, 1)
        if verdict is Verdict.DONE:
            assert done == 1, "the ledger says done, the outside does not"
        if verdict in (Verdict.NOT_DONE, Verdict.UNDONE, None):
            assert done == 0, f"the ledger says {verdict}, the outside has it"


@contextmanager
def armed(fare: Fare) -> Iterator[None]:
    def crash() -> None:
        raise Crash

    points = {Fare.CRASH_AT_INTENT: "intended", Fare.CRASH_AT_OUTCOME: "carried_out"}
    names = [f"{what}.{points[fare]}" for what in ("act", "undo")] if fare in points else []
    for name in names:
        faults.arm(name, crash)
    try:
        yield
    finally:
        for name in names:
            faults.arm(name, None)


causes = st.integers(0, 1)
moments = st.integers(1, int(SETTLING.total_seconds()) - 2)
"""Seconds: how late an act arrives, or how long a wait takes; never as long as acts take to settle."""
steps = st.one_of(
    st.tuples(st.just("act"), causes, st.sampled_from(Fare), moments),
    st.tuples(st.just("undo"), causes, st.sampled_from(Fare), moments),
    *(
        st.tuples(st.just(what), causes, st.just(Fare.WELL), moments)
        for what in ("look up", "restart", "unreachable", "reachable", "wait")
    ),
)


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@example(
    # An undo whose answer is lost while nobody can be asked: its cause must not act again once it was taken back.
    [
        ("act", 0, Fare.WELL, 1),
        ("unreachable", 0, Fare.WELL, 1),
        ("undo", 0, Fare.LOST_ANSWER, 1),
        ("restart", 0, Fare.WELL, 1),
        ("look up", 0, Fare.WELL, 1),
        ("reachable", 0, Fare.WELL, 1),
        ("act", 0, Fare.WELL, 1),
    ]
)
@example(
    # The client gives up, the same cause comes again, and only then the first order arrives.
    [("act", 0, Fare.LATE, 20), ("act", 0, Fare.WELL, 1), ("wait", 0, Fare.WELL, 30), ("act", 0, Fare.WELL, 1)]
)
@example(
    # The same over a crash.
    [("act", 0, Fare.CRASH_LATE, 20), ("act", 0, Fare.WELL, 1), ("wait", 0, Fare.WELL, 30), ("act", 0, Fare.WELL, 1)]
)
@example(
    # What is taken back late has not been kept.
    [("act", 0, Fare.WELL, 1), ("undo", 0, Fare.LATE, 20), ("wait", 0, Fare.WELL, 30), ("act", 0, Fare.WELL, 1)]
)
@given(st.lists(steps, min_size=1, max_size=12))
def test_nothing_is_done_twice_and_the_ledger_never_contradicts_the_outside(
    sequence: list[tuple[str, int, Fare, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            for what, cause, fare, seconds in sequence:
                world.outside.fare, world.outside.lateness = fare, timedelta(seconds=seconds)
                live(world, what, cause, fare)
                for each in (0, 1):
                    world.check(each)
            settle(world)
        finally:
            world.journal.close()
            world.store.close()


def live(world: World, what: str, cause: int, fare: Fare) -> None:
    """One step; a crash ends this life of the program, and another begins."""
    try:
        with armed(fare):
            match what:
                case "act":
                    world.act(cause)
                case "undo":
                    world.undo(cause)
                case "look up":
                    world.acts.look_up_open("")
                case "restart":
                    world.restart()
                case "wait":
                    CLOCK.ahead += world.outside.lateness
                    world.outside.arrive()
                case _:
                    world.outside.reachable = what == "reachable"
    except Crash:
        world.restart()


def settle(world: World) -> None:
    """In the end, with the outside reachable and all arrived that was late, nothing stays open."""
    CLOCK.ahead += SETTLING
    world.outside.arrive()
    world.outside.reachable, world.outside.fare = True, Fare.WELL
    world.restart()
    world.acts.look_up_open("")
    CLOCK.ahead += SETTLING  # what the outside was not asked about for long may just have come to be unknown
    assert world.acts.look_up_open("") == []
    for cause in (0, 1):
        world.check(cause)
        assert world.verdict(cause) in (None, Verdict.DONE, Verdict.NOT_DONE, Verdict.UNDONE)
