"""Without a window: everything runs; Ctrl-C, SIGTERM and a closed terminal end it in order."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.control.lock import HomeLock
from app.program import Program
from app.runtime.end_signals import end_signals
from app.runtime.instance import serve
from services.core.errors import UserError
from services.core.journal import JournalClosed
from services.core.process import ALIVE, PAUSED, State
from services.core.words import counted
from services.orchestrator.history.projections import Processes

_PIECE = 1.0


@contextmanager
def stop_signals(stop: threading.Event) -> Iterator[None]:
    """Have Ctrl-C, SIGTERM and a closed terminal set ``stop``; a second one means it."""

    def told(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, told) for number in end_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(
    program: Program,
    lock: HomeLock,
    stop: threading.Event,
    seconds: float | None = None,
    begun: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Bring the program up, run until told to stop (or for ``seconds``), take it down; tells how it went.

    ``begun`` is told in a line what runs, once it answers, and what is open, when it was told to end. Raises
    ``UserError`` when the store can be written no more.
    """
    broken: list[str] = []

    def end_broken(why: str) -> None:
        broken.append(why)
        stop.set()

    program.on_broken.append(end_broken)
    told: dict[str, Any] = {}
    with stop_signals(stop):
        try:
            told |= _live(program, lock, stop, seconds, begun)
        except JournalClosed:
            if not broken:
                raise
        finally:
            told["flushed"] = program.close().flushed
            if not (told["flushed"] or broken):
                sys.stderr.write(f"{program.home.store}: not everything reached the disk; see that it has room.\n")
    if broken:
        mend = "start it again: what it told as done is on disk; the log has the whole account"
        raise UserError(f"{broken[0]}, so Dreamscape has ended", str(program.home.store), mend)
    return told


def _live(
    program: Program,
    lock: HomeLock,
    stop: threading.Event,
    seconds: float | None,
    begun: Callable[[str], None] | None,
) -> dict[str, Any]:
    program.run_steps()
    assert program.loaded is not None
    for mistake in program.loaded.mistakes:
        meanwhile = "" if program.loaded.goes_on else " The default holds meanwhile."
        sys.stderr.write(f"{mistake}{meanwhile}\n")
    if program.environment is not None:
        for notice in filter(None, (program.environment.banner, program.environment.live_notice)):
            sys.stderr.write(f"{notice}.\n")
    server = serve(lock, program, on_quit=stop.set, on_show=None)
    if begun is not None:
        begun(_greeting(program, seconds))
    _wait(stop, seconds)
    if begun is not None and stop.is_set():
        begun(_parting(program))
    server.close()
    return summary(program)


def _wait(stop: threading.Event, seconds: float | None) -> None:
    """Wait for ``stop``, at most ``seconds``; in pieces, since on Windows a wait hears no Ctrl-C before it ends."""
    left = seconds
    while left is None or left > 0:
        piece = _PIECE if left is None else min(_PIECE, left)
        if stop.wait(piece):
            return
        left = None if left is None else left - piece


def _greeting(program: Program, seconds: float | None) -> str:
    states = program.engine.ask(lambda: [unit.state for unit in program.engine.orchestrator.units.values()])
    failed = states.count(State.FAILED)
    of = f"{len(states) - failed} of " if failed else ""
    count = f"{of}{counted(len(states), 'process')}"
    amiss = f"; {failed} failed, and 'dreamscape ps' tells why" if failed else ""
    end = f"ends by itself after {seconds:g} s" if seconds else "ends with Ctrl-C or 'dreamscape quit'"
    told = f"Dreamscape runs {count} without a window{amiss}; home {program.home.root}. It {end}."
    if program.safe_mode:
        told += (
            f"\nSafe mode: every process is paused, since {program.why_safe}. 'dreamscape resume NAME' lets one go on; "
            "after an end in order the next start is a normal one."
        )
    return told


def _parting(program: Program) -> str:
    rows = program.engine.view.value(Processes).rows
    still = [row.name for row in rows if row.state in ALIVE - PAUSED]
    paused = sum(row.state in PAUSED for row in rows)
    stays = f" {paused} paused, and so they stay." if paused else ""
    if not still:
        return f"Ending. Nothing runs.{stays}"
    again = "It runs" if len(still) == 1 else "They run"
    return f"Ending. {len(still)} running: {', '.join(still)}. {again} again at the next start.{stays}"


def summary(program: Program) -> dict[str, Any]:
    """How everything stands, as ``run --headless --json`` tells at its end."""
    engine = program.engine
    units = engine.ask(lambda: tuple(engine.orchestrator.units.values()))
    shown = engine.view.value(Processes)
    return {
        "processes": [
            {
                "name": unit.name,
                "service": unit.plan.service,
                "state": str(row.state if (row := shown.named(unit.name)) else State.STOPPED),
                "runs": unit.epoch,
                "restarts": unit.restarts,
            }
            for unit in units
        ],
        "events": engine.journal.health.last_seq,
        "decisions": engine.count_decisions(),
    }
