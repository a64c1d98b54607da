"""Views: the one way to ask what is or was known, whether now or at a past moment.

A page is built from a view and cannot tell which it got; that is what lets the window be scrubbed back in time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.core.clock import Clock
from services.core.projections import Projection, Projections
from services.core.sample_files import SECONDS, SampleFiles
from services.core.samples import Rollup, Samples

P = TypeVar("P", bound=Projection[Any, Any])


class View(Protocol):
    """What was known at ``at``."""

    @property
    def at(self) -> datetime: ...

    @property
    def live(self) -> bool: ...

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        """The frozen value of a projection."""
        ...

    def newest(self, metric: str) -> float | None:
        """The last roll-up's last sample, or None."""
        ...

    def series(self, metric: str, seconds: int) -> Sequence[Rollup]:
        """The roll-ups of the last ``seconds``."""
        ...


@dataclass
class Board:
    """The newest frozen value of each projection. The core publishes; anyone reads, without a lock."""

    values: dict[str, Any] = field(default_factory=dict)
    revision: int = 0

    def publish(self, name: str, value: Any) -> None:
        self.values[name] = value
        self.revision += 1


@dataclass(frozen=True)
class LiveView:
    """What is known now."""

    board: Board
    samples: Samples
    clock: Clock
    live: bool = True

    @property
    def at(self) -> datetime:
        return self.clock.now()

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        found = self.board.values.get(projection.name)
        return projection().value() if found is None else found

    def newest(self, metric: str) -> float | None:
        return self.samples.newest.get(metric)

    def series(self, metric: str, seconds: int) -> Sequence[Rollup]:
        return self.samples.recent(metric, int(self.at.timestamp()) - seconds)


@dataclass(frozen=True)
class PastView:
    """What was known at a past moment and no more. Building it reads the disk: in a worker."""

    at: datetime
    values: dict[str, Any]
    read: Callable[[str, int, int], list[Rollup]]
    live: bool = False

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        return self.values[projection.name]

    def newest(self, metric: str) -> float | None:
        # As far back as the live view remembers, so that both know the same.
        found = self.series(metric, Samples().remember)
        return found[-1].last if found else None

    def series(self, metric: str, seconds: int) -> Sequence[Rollup]:
        end = int(self.at.timestamp())
        return self.read(metric, end - seconds, end)


def past_view(
    projections: Projections, files: SampleFiles, moment: datetime, kinds: Sequence[type[Projection[Any, Any]]]
) -> PastView:
    """The view of ``moment`` with the values of ``kinds``. Blocks."""
    seq = projections.journal.seq_at(moment)
    values = {projection.name: projection.value() for projection in projections.all_at_seq(kinds, seq)}
    return PastView(
        moment,
        values,
        lambda metric, start, end: files.read(metric, start, end, SECONDS if end - start <= 7_200 else None),
    )
