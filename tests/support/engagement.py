"""A day on the sandbox network for tests: a clock that steps where the process waits, and a host that may be killed."""

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.core.clock import SystemClock
from services.core.effects import Effect, Outcome
from services.engagement.handlers import engagement_handlers
from services.engagement.runner import CampaignRunner
from services.engagement.sandbox import SandboxNetwork
from tests.support.host import MemoryHost, kept_as

DAWN = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
CAMPAIGN = """\
campaign: {name}
platform: sandbox
hours: {hours}
actions: [{actions}]
caps: {{post: {post}, reply: {reply}, like: {like}}}
pace: {{every: {every}, jitter: 5m, read: 20m, measure_after: 2h}}
hashtags: {{python: 2, devlog: 1, automation: 1}}
words: {{thing: [one, two, three, four, five, six, seven], mood: [good, calm, hard]}}
posts:
  - "Today it was {{thing}}, and {{mood}}. Great fun!"
  - "A note on {{thing}}: {{mood}}, and a happy end."
replies:
  approve: {approve}
  waiting: {waiting}
  comments:
    positive: ["Thank you, {{author}}!", "Glad to hear it, {{author}}.", "{{author}}, more soon."]
    neutral: ["Good question, {{author}}.", "{{author}}, it depends.", "Fair point, {{author}}."]
    negative: ["Sorry about that, {{author}}.", "I will look into it, {{author}}."]
"""
DEFAULTS: dict[str, object] = {
    "name": "spring",
    "hours": "07:00-23:00",
    "actions": "post, reply, like",
    "post": 6,
    "reply": 12,
    "like": 20,
    "every": "1h",
    "approve": "auto",
    "waiting": 4,
}


def write_campaign(folder: Path, **changes: object) -> Path:
    path = folder / "campaign.yaml"
    path.write_text(CAMPAIGN.format(**DEFAULTS | changes), encoding="utf-8")
    return path


class SteppedClock(SystemClock):
    """Moves on when told to, where the host is asked to wait."""

    def __init__(self, begins: datetime = DAWN) -> None:
        self._begins = begins
        self.passed = 0.0

    def now(self) -> datetime:
        return self._begins + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def advance(self, span: timedelta) -> None:
        self.passed += span.total_seconds()


class Killed(BaseException):
    """The process ended without a word, as by kill -9."""


class DayHost(MemoryHost):
    """Ends the run at ``until``; kills it at its ``kill_at``-th call to the host, before or after that took effect."""

    clock: SteppedClock

    def __init__(self, clock: SteppedClock, network: SandboxNetwork, until: datetime) -> None:
        super().__init__(engagement_handlers({network.name: network}), clock=clock)
        self.until = until
        self.kill_at: int | None = None
        self.calls = 0
        self.learned_at: list[int] = []
        """Which of the calls told rewards."""

    def pause_for(self, timeout: float) -> None:
        # At least a tick: the rest of a wait may be smaller than what floats can add.
        self.clock.passed += max(timeout, 1e-6)
        self._end_if_due()

    def beat(self, progress: Any, waiting: Any) -> None:
        super().beat(progress, waiting)
        self._end_if_due()

    def commit(self, *kept: Any) -> None:
        self._call()
        super().commit(*kept)
        self._call()

    def learn(self, *told: Any) -> dict[str, float]:
        self._call()
        weights = super().learn(*told)
        if self.rewards[-1][1]:
            self.learned_at.append(self.calls)
        self._call()
        return weights

    def act(self, effect: Effect, because: Any) -> Outcome:
        self._call()
        known = self.outcomes.get(effect.key)
        outcome = super().act(effect, because)
        if self._dies_next() and known is None:
            # The kill falls between the act and its outcome on disk: the ledger will look it up.
            del self.outcomes[effect.key]
        self._call()
        return outcome

    def propose(self, proposal: Any) -> "Future[str]":
        """As the ledger does it: the same key again is the same decision."""
        for number, known in enumerate(self.proposals, 1):
            if known.effect.key == proposal.effect.key:
                return kept_as(str(number))
        return super().propose(proposal)

    def _end_if_due(self) -> None:
        if self.clock.now() >= self.until:
            self.order = type(self.order).CANCEL

    def _dies_next(self) -> bool:
        return self.kill_at is not None and self.calls + 1 == self.kill_at

    def _call(self) -> None:
        self.calls += 1
        if self.calls == self.kill_at:
            self.kill_at = None
            raise Killed


class Day:
    """One campaign on one network in ``folder``, for ``lasting`` hours of the network from 09:00 on 4 March 2026."""

    def __init__(self, folder: Path, pace: float = 120.0, lasting: float = 21.0, **campaign: object) -> None:
        self.clock = SteppedClock()
        self.network = SandboxNetwork(folder / "sandbox.db", self.clock, pace)
        self.host = DayHost(self.clock, self.network, DAWN + timedelta(hours=lasting) / pace)
        self.process = CampaignRunner(str(write_campaign(folder, **campaign)), str(folder / "sandbox.db"), pace)

    def run(self) -> DayHost:
        self.host.run(self.process)
        return self.host

    def run_killed_at(self, call: int) -> DayHost:
        """Run, be killed once, and run on from what was kept."""
        self.host.kill_at = call
        try:
            self.host.run(self.process)
        except Killed:
            self.host.run(self.process)
        return self.host
