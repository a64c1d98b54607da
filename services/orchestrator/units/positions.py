"""Where the runs of a process have come to, on disk: one position for all of it, or one for each parallel run.

Functions here are pieces of a transaction, or only read. What a parallel run that is over has left is taken over by
exactly one later run; a living one is never touched.
"""

from collections.abc import Collection, Iterator
from functools import partial

import msgspec
from sqlalchemy import Connection, select, update

from services.core.process.context import Position
from services.core.store.facts import drop_fact, facts_from, keep_fact
from services.core.store.schema import processes

_decode = partial(msgspec.json.decode, type=Position)


def position_of(connection: Connection, name: str) -> Position | None:
    """The last position kept for a process of which one run goes on where the last has ended."""
    text = connection.execute(select(processes.c.position).where(processes.c.name == name)).scalar()
    return _decode(text) if text else None


def keep_position(connection: Connection, name: str, position: str, epoch: int | None = None) -> None:
    """Keep it (JSON) for the process, or for the parallel run ``epoch`` alone."""
    if epoch is None:
        connection.execute(update(processes).where(processes.c.name == name), {"position": position})
    else:
        keep_fact(connection, _of_run(name, epoch), position)


def take_over(connection: Connection, name: str, epoch: int, alive: Collection[int]) -> Position | None:
    """Make the position of an earlier run that is over that of the parallel run ``epoch``; None where none is left.

    ``alive`` are the runs there were when this one began.
    """
    left = {int(each): text for each, text in facts_from(connection, _of_run(name)).items()}
    over = sorted(each for each in left if each < epoch and each not in alive)
    if over:
        text = left[over[0]]
        drop_fact(connection, _of_run(name, over[0]))
    elif not alive:  # nothing of it runs, so that what one run for all has kept is left as well
        text = connection.execute(select(processes.c.position).where(processes.c.name == name)).scalar() or ""
        connection.execute(update(processes).where(processes.c.name == name), {"position": None})
    else:
        return None
    if text:
        keep_fact(connection, _of_run(name, epoch), text)
    return _decode(text) if text else None


def all_positions(connection: Connection) -> Iterator[tuple[str, Position]]:
    """Every position that is kept, with the name of its process."""
    kept = select(processes.c.name, processes.c.position).where(processes.c.position.is_not(None))
    for row in connection.execute(kept):
        yield row.name, _decode(row.position)
    for of_run, text in facts_from(connection, _PREFIX).items():
        yield of_run.rpartition(":")[0], _decode(text)


def drop_position(connection: Connection, name: str, epoch: int) -> None:
    """A parallel run has come to its end: nobody goes on from there."""
    drop_fact(connection, _of_run(name, epoch))


def drop_positions(connection: Connection, name: str) -> None:
    """Nothing of the process is left."""
    drop_fact(connection, *(_of_run(name) + each for each in facts_from(connection, _of_run(name))))


_PREFIX = "position:"


def _of_run(name: str, epoch: int | None = None) -> str:
    """The fact under which the position of one run is kept; of all runs, the words with which those begin."""
    return f"{_PREFIX}{name}:{'' if epoch is None else epoch}"
