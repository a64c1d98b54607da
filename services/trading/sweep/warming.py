"""The kernel, compiled, in the processes that run it: one of them compiles for all, and it is kept.

Two that compile into one folder at the same time would not only do it twice. numba names what it keeps by an index
that each of them reads, adds to and writes: what one adds between the other's reading and writing is lost, and where
they add different things under one number, the index tells of one and the file has the other.
"""

from pathlib import Path

from services.core.clock import Clock, SystemClock
from services.core.errors import UserError
from services.core.file_turn import turn

PATIENCE = 600.0
"""Seconds that a process waits for another that compiles, before it compiles for itself and keeps nothing of it."""
TURN = "compiling"
"""The file that one process at a time has locked."""


def warm(kept: Path | None, patience: float = PATIENCE, clock: Clock | None = None) -> None:
    """Have the kernel compiled in this process: by reading what is kept below ``kept``, or else by compiling all of it
    for others to find, one process at a time.

    Has no effect the second time. Imports the compiler, and steps only after it. Raises ``UserError`` where nothing can
    be kept there.
    """
    from services.trading.kernel.compiling import can_keep, is_kept, prepare

    if kept is None or not can_keep() or is_kept(kept):
        prepare(kept)
        return
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with turn(kept / TURN, clock or SystemClock(), patience) as mine:
            prepare(kept if mine or is_kept(kept) else None)
            if mine and not is_kept(kept):
                _compile()
    except OSError as error:
        mend = "free some room there, or see that it can be written"
        raise UserError(f"what sweeps run cannot be kept ({error.strerror or error})", str(kept), mend) from error


def _compile() -> None:
    from services.trading.kernel.compiling import note_whole
    from services.trading.kernel.whole import compile_whole

    compile_whole()
    note_whole()
