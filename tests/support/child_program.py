"""The real program in an interpreter of its own, to be killed: ``python -m tests.support.child_program HOME MODE``.

It says on standard output what it knows to be on disk, one line each, at once.
"""

import itertools
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from services.core.clock import SystemClock
from services.core.commands import Command
from services.core.decisions.commands import ApproveDecision, EditDecision, RejectDecision, UndoDecision
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.core.durations import minutes
from services.core.process import Isolation
from services.orchestrator.events import RunEnded
from services.orchestrator.triggers.event_match import Condition
from services.orchestrator.triggers.trigger import OnEvent
from tests.support.bots import Job, Worked
from tests.support.processes import Hogs, LineWriter, Stepped, WriteLine
from tests.support.program import Program
from tests.support.until import until

WRITERS = 8
COMMANDS: dict[str, Callable[[str], Command]] = {
    "approve": ApproveDecision,
    "edit": lambda identity: EditDecision(identity, {"line": "another order"}),
    "reject": lambda identity: RejectDecision(identity, "not today"),
    "undo": UndoDecision,
}
_saying = threading.Lock()


def say(*words: object) -> None:
    with _saying:
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()


def write_for_good(program: Program, writer: int) -> None:
    """Append an event, do an effect, put a decision before a person; acknowledge each once it is on disk."""
    engine, out = program.engine, str(program.folder / f"out-{writer}.txt")
    for number in itertools.count():
        told = program.wait(engine.journal.append(Stepped(writer * 1_000_000 + number)))[0]
        say("event", told.seq, told.event.number)
        effect = WriteLine(out, f"line {number}")
        assert engine.acts.decide(effect, "because", f"rule:{writer}").done
        say("effect", effect.key)
        proposal = Proposal(WriteLine(out, f"proposed {number}"), "because")
        say("decision", engine.acts.propose(Origin(f"rule:{writer}"), proposal))


def with_a_trigger(program: Program) -> Program:
    """A process that works whenever somebody dug."""
    dug = OnEvent("test.worked", (Condition("word", "==", "dig"),))
    program.plans = {"bot": program.plan_of(Job, "bot", triggers=(dug,), parameters={"length": 0})}
    return program


def dig_and_wait_for_the_run(program: Program) -> None:
    program.wait(program.engine.journal.append(Worked("dig", 1), source="digger"))
    until(lambda: program.events(RunEnded))
    say("ran")
    threading.Event().wait()


def hog(program: Program) -> None:
    """A child that holds its interpreter's lock; nobody else ends it soon."""
    mark = program.folder / "mark"
    program.start(Hogs, isolation=Isolation.PROCESS, parameters={"mark": str(mark)}, heartbeat=minutes(9))
    until(lambda: mark.exists() and mark.read_text())
    say("hogs", mark.read_text())
    threading.Event().wait()


def main(home: str, mode: str) -> None:
    program = with_a_trigger(Program(Path(home), SystemClock(), {WriteLine: LineWriter()})).open()
    acts, out = program.engine.acts, str(Path(home) / "out.txt")
    match mode:
        case "writers":
            for writer in range(WRITERS):
                threading.Thread(target=write_for_good, args=(program, writer), daemon=True).start()
            threading.Event().wait()
        case "dig":
            dig_and_wait_for_the_run(program)
        case "hog":
            hog(program)
        case "act":
            say("outcome", acts.decide(WriteLine(out, "order"), "because", "rule:test").standing)
        case "undo":
            say("outcome", acts.undo(sys.argv[3]).standing)
        case "approve":
            say("outcome", acts.approvals.approve(sys.argv[3]).standing)
        case "tell":
            command = COMMANDS[sys.argv[3]](sys.argv[4])
            say("outcome", program.wait(program.engine.commands.dispatch(command)))
    program.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
