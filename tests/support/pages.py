"""What a page's test needs around the page: views of given values, and its keys as the window attaches them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.core.projections.projection import Projection
from services.core.samples import Rollup
from tests.support.manual_clock import START


@dataclass(frozen=True)
class Moment:
    """A view of given frozen values, by projection; the empty value of a projection that is not among them."""

    values: Mapping[type[Projection[Any, Any]], Any] = field(default_factory=dict)
    at: datetime = START
    live: bool = True
    left: bool = False

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        return self.values[projection] if projection in self.values else projection().value()

    def newest(self, metric: str, since: datetime | None = None) -> float | None:
        return None

    def series(self, metric: str, seconds: int) -> Sequence[Rollup]:
        return ()

    def first(self, metric: str, seconds: int) -> int | None:
        return None

    def values_before(self, metric: str, seconds: int, edges: tuple[int, ...]) -> Sequence[float | None]:
        return [None] * len(edges)


def with_keys(page: Any, entries: tuple[Any, ...], scope: str) -> Any:
    """Attach a page's actions as the window does; returns the registry."""
    from widgets.actions import ActionRegistry

    registry = ActionRegistry(page)
    registry.add(*entries)
    registry.attach(page, scope)
    registry.triggered.connect(page.obey)
    return registry
