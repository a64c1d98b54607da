"""The learner: arms with forgetting, chosen by a policy, every update versioned and reversible.

Outcomes can be gathered first and learned from together: until then they are kept and change no weight.

One learner serves hashtags, comments, hours, templates, repair strategies, model tiers and formats. An arm's rewards
(0 to 1) are kept as discounted counts of a Beta distribution: each new observation, and time, make older ones count
less (discounted Thompson sampling: Raj and Kalyani, "Taming Non-stationary Bandits", 2017). A reward between 0 and 1
counts as so much of a success and the rest of a failure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.core.learning.arms import Counts, Policy, chosen, shares

State = dict[str, Any]


class NotReversible(LookupError):
    """A version that is not there, is already reverted, or is too old to be taken back exactly."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """How old observations fade. ``discount`` is what each new one leaves of all earlier; 1 forgets nothing.

    ``half_life`` is the time after which an observation counts half; None is never.
    """

    discount: float = 0.99
    half_life: timedelta | None = None

    def __post_init__(self) -> None:
        if not 0 < self.discount <= 1:
            raise ValueError(f"a discount is over 0 and at most 1, not {self.discount}")
        if self.half_life is not None and self.half_life <= timedelta(0):
            raise ValueError("a half-life is longer than nothing")

    def over(self, elapsed: timedelta) -> float:
        """What time alone leaves of an observation."""
        if self.half_life is None or elapsed <= timedelta(0):
            return 1.0
        return float(0.5 ** (elapsed / self.half_life))


@dataclass(frozen=True, slots=True)
class Update:
    """One step of a learner: the counts of an arm before and after, enough for the ledger to show and to undo."""

    version: int
    arm: str
    reward: float
    at: datetime
    before: Counts
    after: Counts
    reverts: int | None = None
    """The version that this one takes back."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of an arm, not learned from yet."""

    arm: str
    reward: float
    at: datetime


@dataclass
class _Entry:
    """A kept observation."""

    version: int
    arm: str
    reward: float
    at: datetime


@dataclass
class _Tally:
    """Counts of all arms as of a moment."""

    forgetting: Forgetting
    counts: dict[str, Counts] = field(default_factory=dict)
    at: datetime | None = None

    def add(self, entry: _Entry) -> None:
        fade = self.forgetting.discount * self._faded(entry.at)
        self.counts = {arm: counts.times(fade) for arm, counts in self.counts.items()}
        self.counts[entry.arm] = self.counts.get(entry.arm, Counts()).plus(entry.reward)
        self.at = max(entry.at, self.at or entry.at)

    def seen(self, arm: str, at: datetime) -> Counts:
        return self.counts.get(arm, Counts()).times(self._faded(at))

    def copy(self) -> "_Tally":
        return _Tally(self.forgetting, dict(self.counts), self.at)

    def _faded(self, at: datetime) -> float:
        return self.forgetting.over(at - self.at) if self.at is not None else 1.0


class Learner:
    """Arms and what is known of them. ``state`` is what ``save`` gave; None begins with nothing.

    The counts are always the fold of a base and the newest ``reversible`` observations. So reverting one leaves
    exactly what would be known had it never been told, whatever came after it.
    """

    def __init__(
        self,
        state: State | None = None,
        policy: Policy = Policy.THOMPSON,
        forgetting: Forgetting | None = None,
        epsilon: float = 0.05,
        reversible: int = 500,
    ) -> None:
        self.policy = policy
        self.epsilon = epsilon
        self.version = 0
        self._reversible = reversible
        self._base = _Tally(forgetting or Forgetting())
        self._entries: list[_Entry] = []
        self._gathered: list[Gathered] = []
        self._folded_version = 0
        if state is not None:
            self._restore(state)
        self._tally = self._folded()

    def update(self, arm: str, reward: float, at: datetime) -> Update:
        """Take in what came of an arm; raises ``ValueError`` for a reward outside 0 to 1."""
        _require_reward(arm, reward)
        before = self._tally.seen(arm, at)
        self.version += 1
        entry = _Entry(self.version, arm, float(reward), at)
        self._entries.append(entry)
        self._tally.add(entry)
        while len(self._entries) > self._reversible:
            self._folded_version = self._entries[0].version
            self._base.add(self._entries.pop(0))
        return Update(self.version, arm, entry.reward, at, before, self._tally.seen(arm, at))

    @property
    def gathered(self) -> tuple[Gathered, ...]:
        """What is kept to be learned from, oldest first."""
        return tuple(self._gathered)

    def gather(self, arm: str, reward: float, at: datetime) -> None:
        """Keep what came of an arm, to be learned from with others; raises ``ValueError`` as ``update`` does."""
        _require_reward(arm, reward)
        self._gathered.append(Gathered(arm, float(reward), at))

    def learn(self) -> list[Update]:
        """Take in all that was gathered, each as of its own time."""
        gathered, self._gathered = self._gathered, []
        return [self.update(each.arm, each.reward, each.at) for each in gathered]

    def revert(self, versions: Iterable[int], at: datetime) -> tuple[Update, ...]:
        """Make updates not have been, all of them or none; raises ``NotReversible``. It is one new version itself."""
        wanted = tuple(versions)
        entries = {entry.version: entry for entry in self._entries}
        for version in wanted:
            if version not in entries:
                told = f"version {version} is none of the newest {self._reversible} updates still in force"
                raise NotReversible(told)
        before = self.known([entries[version].arm for version in wanted], at)
        self._entries = [entry for entry in self._entries if entry.version not in wanted]
        self._tally = self._folded()
        self.version += 1
        return tuple(self._reverted(entries[version], before, at) for version in wanted)

    def in_force(self, version: int) -> bool:
        """Whether an update still counts. One that is too old to be reverted does, as far as it is not forgotten."""
        return version <= self._folded_version or any(entry.version == version for entry in self._entries)

    def known(self, arms: Sequence[str], at: datetime) -> dict[str, Counts]:
        """What is remembered of each arm at ``at``, without any prior."""
        return {arm: self._tally.seen(arm, at) for arm in arms}

    def weights(self, arms: Sequence[str], at: datetime) -> dict[str, float]:
        """How likely the policy chooses each of ``arms``; they sum to 1. The same state gives the same weights.

        Under Thompson sampling that is the probability that the arm is the best one.
        """
        return shares(self.policy, self.known(arms, at), self.epsilon)

    def choose(self, arms: Sequence[str], at: datetime, rng: Random) -> str:
        """One arm by the policy; raises ``ValueError`` when there is none to choose from."""
        if not arms:
            raise ValueError("there is no arm to choose from")
        return chosen(self.policy, self.known(arms, at), self.epsilon, rng)

    def save(self) -> State:
        """Everything known, as JSON can keep it."""
        base = self._base
        return {
            "version": self.version,
            "at": base.at.isoformat() if base.at else None,
            "counts": {arm: [counts.good, counts.bad] for arm, counts in base.counts.items()},
            "updates": [[e.version, e.arm, e.reward, e.at.isoformat()] for e in self._entries],
            "folded": self._folded_version,
            "gathered": [[g.arm, g.reward, g.at.isoformat()] for g in self._gathered],
        }

    def _restore(self, state: State) -> None:
        self.version = state["version"]
        self._base.at = datetime.fromisoformat(state["at"]) if state["at"] else None
        self._base.counts = {arm: Counts(good, bad) for arm, (good, bad) in state["counts"].items()}
        self._entries = [
            _Entry(version, arm, reward, datetime.fromisoformat(at)) for version, arm, reward, at in state["updates"]
        ]
        self._folded_version = state.get("folded", self._entries[0].version - 1 if self._entries else self.version)
        self._gathered = [
            Gathered(arm, reward, datetime.fromisoformat(at)) for arm, reward, at in state.get("gathered", ())
        ]

    def _reverted(self, entry: _Entry, before: dict[str, Counts], at: datetime) -> Update:
        after = self._tally.seen(entry.arm, at)
        return Update(self.version, entry.arm, entry.reward, at, before[entry.arm], after, reverts=entry.version)

    def _folded(self) -> _Tally:
        tally = self._base.copy()
        for entry in self._entries:
            tally.add(entry)
        return tally


def _require_reward(arm: str, reward: float) -> None:
    if not 0 <= reward <= 1:
        raise ValueError(f"the reward of {arm!r} is {reward}; it must be between 0 and 1")
