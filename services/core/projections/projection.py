"""A projection: events folded into a state, and the frozen value of it that a page shows.

The same class folds live on the core thread and up to a past moment in a worker, so the window can be scrubbed back
in time and a restart restores it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from services.core.events import Event, Recorded

S = TypeVar("S")
V = TypeVar("V")


class Projection(Generic[S, V]):
    """Folds events into a state and gives a frozen value of it.

    ``State`` is a mutable dataclass (or builtin) that msgspec can encode; a change of its shape that
    older snapshots do not fit raises ``version``. They are then passed over, and what was told by events that are no
    longer kept is gone: a field that has a default is no such change.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    State: ClassVar[Any]
    handles: ClassVar[tuple[type[Event], ...]]
    """The events it folds; others never reach it."""

    folded: int = 0
    """Events folded since its last kept snapshot: what a past moment after that has to fold."""
    _handled: ClassVar[frozenset[type[Event]]] = frozenset()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "handles" in cls.__dict__:
            cls._handled = frozenset(cls.handles)

    def __init__(self) -> None:
        self.state: S = self.State()

    def fold(self, recorded: Recorded) -> None:
        """Take one event of a handled type into the state. Pure: nothing but the event and the state."""
        raise NotImplementedError(f"{type(self).__name__} folds nothing")

    def take(self, recorded: Recorded) -> bool:
        """Fold the event if it is of a handled type; tells whether it was."""
        if type(recorded.event) not in self._handled:
            return False
        self.fold(recorded)
        self.folded += 1
        return True

    @classmethod
    def names(cls) -> frozenset[str]:
        """The names on disk of the events it folds."""
        return frozenset(kind.type_name for kind in cls._handled)

    def value(self) -> V:
        """The frozen value that pages read."""
        raise NotImplementedError(f"{type(self).__name__} has no value")

    def freeze(self) -> bytes:
        return msgspec.json.encode(self.state)

    def thaw(self, frozen: bytes) -> None:
        self.state = msgspec.json.decode(frozen, type=self.State)


def fold_all(projection: Projection[S, V], events: Iterable[Recorded]) -> V:
    """The value of a projection over ``events``; for tests and one-off questions."""
    for recorded in events:
        projection.take(recorded)
    return projection.value()
