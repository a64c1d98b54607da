"""Stores of earlier versions, kept as SQL text: ``load`` makes a real file of one.

``python -m tests.support.stores FILE`` writes the text of a store as the present version fills it.
"""

import sqlite3
import sys
import tempfile
import zlib
from contextlib import closing
from pathlib import Path

from services.core.decisions.decision import Proposal
from services.core.decisions.inbox import Decisions
from services.core.decisions.ledger import Origin
from services.core.durations import minutes, seconds
from services.core.process import Process, Restart
from services.core.process.context import Context
from services.orchestrator.events import Alert
from services.orchestrator.history.projections import Processes, Pulse, RunHistory
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, Stepped, WriteLine
from tests.support.program import Program

FOLDER = Path(__file__).parents[1] / "fixtures" / "stores"
PROJECTIONS = (Processes, RunHistory, Pulse, Decisions)


class Walks(Process):
    """Steps once a second."""

    goes_on = True

    def run(self, context: Context) -> None:
        start = (context.position or {"number": 0})["number"]
        for number in range(start + 1, 1_000):
            context.emit(Stepped(number))
            context.checkpoint({"number": number})
            context.wait(1, "the next step")


class Stumbles(Process):
    """Fails after two seconds."""

    restart = Restart(first=seconds(1), at_most=2, within=minutes(10))

    def run(self, context: Context) -> None:
        context.wait(2, "trouble")
        raise RuntimeError("the sea is too wide")


def load(revision: str, path: Path) -> Path:
    """Make a store file of a kept text."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def fill(folder: Path) -> Path:
    """A small store with something of everything."""
    program = Program(folder, ManualClock(), {WriteLine: LineWriter()}).open([kind() for kind in PROJECTIONS])
    program.start(Walks(), "walker")
    program.start(Stumbles(), "stumbler")
    program.advance(20)
    program.pause("walker")
    acts = program.engine.acts
    for number in range(4):
        acts.decide(_line(folder, number), "macd > 0", "rule:test")
    program.advance(1)
    rows = program.engine.view.value(Decisions).rows
    acts.undo(next(row.id for row in rows if row.undoable))
    acts.propose(
        Origin("process:walker", "", 0), Proposal(_line(folder, 9), {"score": 0.9}, evidence={"draft": "nine"})
    )
    program.engine.journal.append(Alert("the disk is nearly full", "disk"))
    program.advance(1)
    program.close()
    return program.folder / "dreamscape.db"


def _line(folder: Path, number: int) -> WriteLine:
    return WriteLine(str(folder / "out.txt"), f"line {number}")


def make_anonymous(path: Path, places: tuple[str, ...]) -> None:
    """Take the places of the machine that filled it out of a store, packed ones too."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for place in places:
            for table, column in (("events", "payload"), ("decisions", "effect"), ("decisions", "key")):
                connection.execute(f"UPDATE {table} SET {column} = replace({column}, ?, 'home')", (place,))
        for row, state in connection.execute("SELECT rowid, state FROM snapshots").fetchall():
            text = zlib.decompress(state)
            for place in places:
                text = text.replace(place.encode(), b"home")
            connection.execute("UPDATE snapshots SET state = ? WHERE rowid = ?", (zlib.compress(text), row))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        made = fill(Path(scratch))
        make_anonymous(made, (scratch, str(Path(__file__).parents[2])))
        with closing(sqlite3.connect(made)) as filled:
            Path(sys.argv[1]).write_text("\n".join(filled.iterdump()) + "\n", encoding="utf-8")
