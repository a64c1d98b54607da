"""A week as the program lives it: events of every kind, as often as the real processes tell them, from a fixed seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from measuring import ROOT  # noqa: F401  puts the house on the path

from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.events import Event
from services.core.process import State
from services.debugger.events import FileImpact, FindingMade, ProjectFound, Scanned, SuiteEnded
from services.engagement.events import ActionRefused, Interacted, Measured, Posted, ResponseSeen
from services.orchestrator.events import Alert, ProcessChanged, ProcessDoing, Result, RunEnded, RunStarted
from services.trading.events import Filled, SessionStarted
from services.trading.fills import Side

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
PER_SECOND = 2
Told = tuple[str, Event]
"""Who told it, and what."""
_SERVICES = {"trading": 6, "engagement": 3, "debugger": 3, "system": 8}


@dataclass(frozen=True)
class _Someone:
    name: str
    service: str


class Week:
    """Makes up what happens; the same each time."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._who = [_Someone(f"{service}-{n}", service) for service, most in _SERVICES.items() for n in range(most)]
        self._epochs = dict.fromkeys((each.name for each in self._who), 0)
        self._decisions = 0
        self._states: dict[str, State] = {}

    def events(self, upto: timedelta = WEEK) -> Iterator[tuple[datetime, str, Event]]:
        """Two a second, each with when and by whom it was told."""
        amount = int(upto.total_seconds() * PER_SECOND)
        number = 0
        for told in self._endless():
            for source, event in told:
                yield BEGIN + number * timedelta(seconds=1 / PER_SECOND), source, event
                number += 1
                if number >= amount:
                    return

    def _endless(self) -> Iterator[tuple[Told, ...]]:
        yield tuple(told for each in self._who for told in self._begin(each))
        kinds = [self._doing, self._run, self._trade, self._engage, self._debug, self._change]
        weights = [50, 12, 12, 10, 4, 6]
        while True:
            for make in self._random.choices(kinds, weights, k=100):
                yield make(self._random.choice(self._who))

    def _begin(self, who: _Someone) -> tuple[Told, ...]:
        told: tuple[Told, ...] = (
            ("", ProcessChanged(who.name, who.service, State.RUNNING, "the program started", "program", 0)),
        )
        if who.service == "trading":
            begin = SessionStarted(
                "macd-eth-btc", "1f3a", 1, "ETH/BTC", "1h", "generated", "", 5_000, BEGIN, BEGIN + WEEK,
                1.0, "next open", 0.001, 0.0005,
            )  # fmt: skip
            return (*told, (who.name, begin))
        if who.service == "debugger":
            found = ProjectFound(
                f"/home/someone/{who.name}", True, "/usr/bin/python3", "3.12", "8.4",
                ["tests"], ["src"], {"git": "a .git folder"},
            )  # fmt: skip
            return (*told, (who.name, found))
        return told

    def _doing(self, who: _Someone) -> tuple[Told, ...]:
        step = self._random.randrange(5_000)
        return (("", ProcessDoing(who.name, f"candle {step:,} of 5,000, waiting for the next")),)

    def _change(self, who: _Someone) -> tuple[Told, ...]:
        heals = ProcessChanged(who.name, who.service, State.BACKOFF, "no beat for 12 s", "watchdog", 1, BEGIN)
        again = ProcessChanged(who.name, who.service, State.RUNNING, "started again", "watchdog", 1)
        alert = Alert(f"{who.name} stalled and was started again", who.name)
        return (("", heals), ("", again), *((("", alert),) if self._random.random() < 0.1 else ()))

    def _run(self, who: _Someone) -> tuple[Told, ...]:
        self._epochs[who.name] += 1
        epoch, failed = self._epochs[who.name], self._random.random() < 0.05
        trace = "Traceback (most recent call last):\n" + '  File "bot.py", line 12, in run\n    step()\n' * 8
        ended = RunEnded(
            who.name, epoch, Result.FAILED if failed else Result.FINISHED, "TimeoutError: 30 s" if failed else "done",
            self._random.random() * 60, trace if failed else "",
        )  # fmt: skip
        return (("", RunStarted(who.name, epoch, "every 10 minutes")), ("", ended))

    def _trade(self, who: _Someone) -> tuple[Told, ...]:
        bot, price = f"trading-{self._random.randrange(6)}", 0.04 + self._random.random() / 100
        side = self._random.choice(list(Side))
        because = {
            "macd": 0.00021,
            "signal": 0.00013,
            "histogram": 0.00008,
            "strategy": "macd-eth-btc",
            "version": "1f3a",
        }
        taken, changed = self._decided(bot, "order.place", f"{side} 1.25 ETH at {price:.5f} BTC", because)
        filled = Filled(
            1, "ETH/BTC", "generated", taken.id, side, 1.25, price, 0.00005, BEGIN, 0.4, 1.25, 1.0 + price / 10, 0.3, 17
        )
        return ((bot, taken), (bot, changed), (bot, filled))

    def _engage(self, who: _Someone) -> tuple[Told, ...]:
        name, day, number = f"engagement-{self._random.randrange(3)}", "2026-03-02", self._random.randrange(10**6)
        where = (name, "sandbox", True, day)
        words = "Shipping small and often beats shipping big and never. What did you ship this week? " * 2
        kind = self._random.randrange(5)
        if kind == 0:
            taken, changed = self._decided(name, "post.publish", f"Post on sandbox: {words}", "slot 09:00")
            return ((name, taken), (name, changed), (name, Posted(*where, f"p{number}", words, ("#buildinpublic",))))
        if kind == 1:
            return ((name, ResponseSeen(*where, f"r{number}", f"p{number}", "@someone", words, 0.42)),)
        if kind == 2:
            return ((name, ActionRefused(*where, "reply", "hours", "outside of 09:00 to 21:00")),)
        if kind == 3:
            return ((name, Interacted(*where, "like", f"r{number}")),)
        return ((name, Measured(*where, f"p{number}", 12, 3, 1, 410, 0.31)),)

    def _debug(self, who: _Someone) -> tuple[Told, ...]:
        name = f"debugger-{self._random.randrange(3)}"
        hottest = [FileImpact(f"src/part_{n}.py", 0.9 - n / 20, {"churn": 0.4, "size": 0.7}) for n in range(10)]
        return (
            (name, Scanned(412, 51_230, 3_980, 3, 0, 1.4, hottest)),
            (name, SuiteEnded("complete", 980, self._random.randrange(3), 0, 4, 987, 0, 41.0, 99.7)),
            (name, FindingMade("warning", f"{self._random.randrange(9)} slow tests", "tests/test_a.py", "split them")),
        )

    def _decided(
        self, process: str, kind: str, what: str, because: dict[str, object] | str
    ) -> tuple[DecisionTaken, DecisionChanged]:
        self._decisions += 1
        identity = f"{self._decisions:012x}"
        taken = DecisionTaken(
            identity,
            kind,
            what,
            f"process:{process}",
            process,
            because,
            Verdict.INTENDED,
            False,
            {"candle": self._decisions},
        )
        return taken, DecisionChanged(identity, Verdict.DONE, f"process:{process}", "", {"order": identity})
