"""Metrics: what numbers mean, and how kept events and rolled-up samples become observations of them.

Each service owns one ``Metrics`` and declares there what it measures; ``app/`` includes them in one registry, so
nothing is shared by accident and a test can build its own.
"""

import logging
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from services.core.events import Event, Recorded
from services.core.samples import Rollup

log = logging.getLogger(__name__)


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"


class UnknownMetric(LookupError):
    """A metric that no service has declared."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number Dreamscape measures: ``name`` is stable on disk, ``unit`` as it is written behind the number."""

    name: str
    unit: str
    meaning: str
    better: Better = Better.HIGHER
    digits: int = 2
    """Decimal places worth showing."""
    fall_of: str = ""
    """The sample whose fall from its peak this is, as a share of the peak; empty for what is no fall."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """How far a fall from a peak was in the span of an observation: at the least, and at its end."""

    least: float
    last: float


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of a metric, known at ``at`` (UTC). ``each`` names the subject: a process, a strategy, a campaign.

    Raises ``ValueError`` for a value that is no finite number or a time without a zone: what could not be measured
    is not observed, it is never a zero.
    """

    metric: str
    value: float
    at: datetime
    each: str = ""
    fallen: Fallen | None = None
    """For a fall from a peak."""

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"{self.metric}: {self.value} is no finite number")
        if self.at.tzinfo is None:
            raise ValueError(f"{self.metric}: {self.at} has no time zone")


Extractor = Callable[[Recorded], Iterable[Observation]]
E = TypeVar("E", bound=Extractor)


class Metrics:
    """A registry of metrics and of the functions that read them from events."""

    def __init__(self, *metrics: Metric) -> None:
        self._metrics: dict[str, Metric] = {}
        self._extractors: dict[type[Event], list[Extractor]] = {}
        self.faults: dict[str, int] = {}
        """How often each extracting function raised, by its name."""
        for metric in metrics:
            self.declare(metric)

    def declare(self, metric: Metric) -> Metric:
        """Add a metric; raises ``ValueError`` when the name already means something else."""
        known = self._metrics.setdefault(metric.name, metric)
        if known != metric:
            raise ValueError(f"metric {metric.name!r} is declared twice, with two meanings")
        return metric

    def observes(self, event: type[Event]) -> Callable[[E], E]:
        """Register a function that reads observations from each recorded ``event``."""

        def register(extractor: E) -> E:
            self._extractors.setdefault(event, []).append(extractor)
            return extractor

        return register

    def include(self, other: "Metrics") -> None:
        """Take in what another registry declares and observes."""
        for metric in other:
            self.declare(metric)
        for event, extractors in other._extractors.items():
            mine = self._extractors.setdefault(event, [])
            mine.extend(extractor for extractor in extractors if extractor not in mine)

    def extract(self, recorded: Recorded) -> list[Observation]:
        """What this event says about any metric. A function that raises is logged and counted; the others go on."""
        found: list[Observation] = []
        for extractor in self._extractors.get(type(recorded.event), ()):
            name = f"{extractor.__module__}.{getattr(extractor, '__qualname__', repr(extractor))}"
            try:
                found += [self._declared(observation) for observation in extractor(recorded)]
            except Exception:
                self.faults[name] = self.faults.get(name, 0) + 1
                log.exception("%s could not read event %d (%s)", name, recorded.seq, recorded.event.type_name)
        return found

    def sampled(self, rollup: Rollup) -> Observation | None:
        """What a rolled-up sample ``METRIC:SUBJECT`` says, if it is of a declared metric: the worst of its span.

        A fall that lasted less than a second is a fall.
        """
        name, _, each = rollup.metric.partition(":")
        metric = self._metrics.get(name)
        if metric is None:
            return None
        worst = rollup.greatest if metric.better is Better.LOWER else rollup.least
        fallen = Fallen(rollup.least, rollup.last) if metric.fall_of else None
        return Observation(name, worst, datetime.fromtimestamp(rollup.at, UTC), each, fallen)

    def __getitem__(self, name: str) -> Metric:
        if name not in self._metrics:
            raise UnknownMetric(name)
        return self._metrics[name]

    def __contains__(self, name: object) -> bool:
        return name in self._metrics

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics.values())

    def _declared(self, observation: Observation) -> Observation:
        if observation.metric not in self:
            raise UnknownMetric(observation.metric)
        return observation
