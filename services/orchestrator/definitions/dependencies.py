"""The order in which processes start when some come after others. Pure."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter


class Cycle(ValueError):
    """Processes wait for each other in a ring; ``ring`` begins and ends with the same name."""

    def __init__(self, ring: Sequence[str]) -> None:
        self.ring = tuple(ring)
        super().__init__(
            f"{' comes after '.join(self.ring)}: none of them could ever start; take one name out of an 'after' list"
        )


def start_order(after: Mapping[str, Collection[str]]) -> list[str]:
    """All names so that each comes after those it names; what depends on nothing is in alphabetical order.

    A name that no definition bears is left out here (see ``unknown``). Raises ``Cycle``.
    """
    graph = {name: sorted(set(after[name]) & after.keys()) for name in sorted(after)}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise Cycle(error.args[1][::-1]) from error


def waits_for(name: str, after: Mapping[str, Collection[str]], ready: Collection[str]) -> list[str]:
    """What ``name`` still waits for, in the order it was written."""
    return [each for each in after[name] if each not in ready]


def unknown(after: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """For each process with a name in ``after`` that nothing bears: one sentence for each such name."""
    found = {name: [_sentence(each, after) for each in wanted if each not in after] for name, wanted in after.items()}
    return {name: sentences for name, sentences in found.items() if sentences}


def _sentence(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"no process is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
