"""Reading an old ``learning_db.json``: leniently, and saying of every entry that is not understood why not."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.core.learning import State
from services.core.learning.arms import Counts

_SUCCESSES = ("successes", "success", "wins")
_FAILURES = ("failures", "failure", "losses")
_REWARDS = ("reward", "total_reward")
_COUNTS = ("count", "n", "attempts", "trials")


@dataclass(frozen=True)
class Imported:
    """Arms that were understood, and why others were not."""

    counts: dict[str, Counts]
    not_understood: dict[str, str]

    @property
    def state(self) -> State:
        """A learner's state with these arms; imported counts fade like others but cannot be reverted one by one."""
        counts = {arm: [each.good, each.bad] for arm, each in self.counts.items()}
        return {"version": 0, "at": None, "counts": counts, "updates": []}


def import_arms(old: Any) -> Imported:
    """Read a mapping of arm to ``{successes, failures}``, or to ``{reward, count}`` with the sum of rewards.

    Either may also give successes or rewards with ``count``, ``attempts`` or ``n`` as the number of trials.
    """
    if not isinstance(old, Mapping):
        return Imported({}, {"": f"expected a mapping of arms, found {type(old).__name__}"})
    counts: dict[str, Counts] = {}
    not_understood: dict[str, str] = {}
    for arm, entry in old.items():
        try:
            counts[str(arm)] = _counts(entry)
        except ValueError as error:
            not_understood[str(arm)] = str(error)
    return Imported(counts, not_understood)


def _counts(entry: Any) -> Counts:
    if not isinstance(entry, Mapping):
        raise ValueError(f"expected successes and failures, or reward and count; found {type(entry).__name__}")
    good = _number(entry, _SUCCESSES)
    bad = _number(entry, _FAILURES)
    rewards = _number(entry, _REWARDS)
    trials = _number(entry, _COUNTS)
    if good is not None and bad is not None:
        return Counts(good, bad)
    got = good if good is not None else rewards
    if got is None or trials is None:
        raise ValueError(f"expected successes and failures, or reward and count; found {', '.join(map(str, entry))}")
    if got > trials:
        raise ValueError(f"rewards of {got:g} in {trials:g} trials are more than 1 each")
    return Counts(got, trials - got)


def _number(entry: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        if name in entry:
            value = entry[name]
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
                raise ValueError(f"{name} is {value!r}, not a number of zero or more")
            return float(value)
    return None
