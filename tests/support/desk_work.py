"""A small outside that keeps what was done in files, and a ledger filled by a real engine acting on it."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from services.core.commands import Command
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal
from services.core.decisions.inbox import Decisions, DecisionsValue
from services.core.decisions.ledger import Origin
from services.core.effects import AT_ONCE, Details, Effect, Outcome, Refused, Standing
from services.core.process.lease import Lease
from services.debugger.concerns import LookAgain
from services.engagement.effects import PublishPost, SendReply
from services.orchestrator.units.records import RestartProcess
from tests.support.manual_clock import START
from tests.support.program import Program

DIFF = """--- a/billing/paging.py
+++ b/billing/paging.py
@@ -41,9 +41,9 @@ def page_of(items, page, size):
     if page < 1:
         raise ValueError("page starts at 1")
     start = (page - 1) * size
-    stop = start + size - 1
+    stop = start + size
     return items[start:stop]
"""


class MendFile(Effect, name="test.mend_file"):
    """Put a patch in place."""

    project: str
    number: int
    title: str

    @property
    def key(self) -> str:
        return f"{self.project}/{self.number}"

    @property
    def what(self) -> str:
        return f"Patch #{self.number} · {self.title}"


class MoveWeight(Effect, name="test.move_weight"):
    """Move weight from one hashtag to another."""

    source: str
    target: str
    percent: int

    @property
    def key(self) -> str:
        return f"{self.source}/{self.target}/{self.percent}"

    @property
    def what(self) -> str:
        return f"Moved {self.percent} % of hashtag weight from {self.source} to {self.target}"


@dataclass
class Files:
    """Handles effects by keeping one file for each. ``silent`` keys fail and cannot be looked up afterwards."""

    folder: Path
    silent: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def settling(self, effect: Effect) -> timedelta:
        return AT_ONCE

    def carry_out(self, effect: Effect) -> Details:
        if effect.key in self.refused:
            raise Refused(self.refused[effect.key])
        if effect.key in self.silent:
            raise TimeoutError("the network did not answer within 10 s")
        self._path(effect).write_bytes(effect.encode())
        return {"kept": self._path(effect).name, "bytes": len(effect.encode())}

    def look_up(self, effect: Effect) -> Outcome:
        if effect.key in self.silent:
            return Outcome(Standing.UNKNOWN)
        return Outcome(Standing.DONE if self._path(effect).exists() else Standing.NOT_DONE)

    def _path(self, effect: Effect) -> Path:
        return self.folder / f"{effect.key.replace('/', '-').replace(':', '-')}.json"


class Undoable(Files):
    """Takes back by removing the file."""

    def undo(self, effect: Effect, details: Details) -> Details:
        self._path(effect).unlink()
        return {"removed": details["kept"]}


@dataclass
class Desk:
    """A running engine with its ledger, to be filled by a test."""

    program: Program
    files: Undoable
    restarts: Files

    @property
    def value(self) -> DecisionsValue:
        value: DecisionsValue = self.program.engine.view.value(Decisions)
        return value

    def propose(
        self, effect: Effect, process: str, because: Any, evidence: dict[str, Any], waits: timedelta | None = None
    ) -> str:
        """Put it before the person as ``process`` would, for so long as it ``waits``; returns its id."""
        origin = Origin(f"process:{process}", process)
        expires = self.program.clock.now() + waits if waits is not None else None
        found = self.program.engine.acts.propose(origin, Proposal(effect, because, expires=expires, evidence=evidence))
        self.later(0.2)  # what is folded is published in a moment
        return found

    def act(self, effect: Effect, process: str, because: Any) -> None:
        self.program.engine.acts.act(Lease(process, 0), effect, because)
        self.later(0.2)  # what is folded is published in a moment

    def decide(self, effect: Effect, because: Any, by: str) -> None:
        self.program.engine.acts.decide(effect, because, by)
        self.later(0.2)  # what is folded is published in a moment

    def tell(self, command: Command) -> None:
        self.program.tell(command)
        self.later(0.2)

    def later(self, seconds: float) -> None:
        self.program.advance(seconds)

    def close(self) -> None:
        self.program.close()


def desk_in(folder: Path) -> Desk:
    """An engine on a manual clock whose outside is a folder."""
    outside = folder / "outside"
    outside.mkdir()
    undoable, restarts = Undoable(outside), Files(outside)
    handlers: dict[type[Effect], Any] = dict.fromkeys((SendReply, PublishPost, MendFile, MoveWeight), undoable)
    program = Program(folder, handlers=handlers | {RestartProcess: restarts}).open([Decisions()])
    return Desk(program, undoable, restarts)


def reply(number: int, text: str, author: str = "ada") -> SendReply:
    return SendReply("sandbox", "build-in-public", f"r{number}", author, text)


def ask_reply(desk: Desk, number: int, text: str, parent: str, author: str = "ada", sentiment: float = 0.6) -> str:
    """A draft as the engagement service puts it before a person."""
    evidence = {"draft": text, "author": author, "parent": parent, "sentiment": sentiment, "network": "sandbox"}
    because = {"consent": "answered us first", "tone": "warm", "sentiment": sentiment}
    return desk.propose(reply(number, text, author), "Replies · build-in-public", because, evidence)


def ask_patch(desk: Desk, number: int = 42) -> str:
    """A patch with its diff, tests and scores."""
    evidence = {
        "diff": DIFF,
        "tests": [
            {"test": "test_paging.py::test_last_page_is_whole", "before": "fail", "after": "pass", "ms": 4},
            {"test": "test_paging.py::test_single_item_pages", "before": "fail", "after": "pass", "ms": 2},
            {"test": "test_invoice.py::test_totals", "before": "pass", "after": "pass", "ms": 12},
        ],
        "quality_score": 0.91,
        "fixes_failing_tests": "3 of 3",
        "regressions": "0 of 211",
        "size_of_change": "1 line",
    }
    because = {"strategy": "boundary shift", "strategy_success": 0.71, "tried": 34, "impact": 0.93}
    patch = MendFile("billing-api", number, "off-by-one in invoice paging")
    return desk.propose(patch, "Patch watch · billing-api", because, evidence)


def busy_morning(desk: Desk) -> Desk:
    """An hour of a real day: done by rules, watchdog and processes, decided by the person, waiting, unknown."""
    started = {"cause": "no beat for 30 s", "beats_missed": 3, "where": "stream.py:88 in read"}
    desk.decide(RestartProcess("Mentions stream", 2, "stalled"), started, "watchdog")
    desk.later(700)
    desk.decide(
        MoveWeight("#buildinpublic", "#pyqt", 12),
        {"policy": "thompson", "engagement_rate": 0.047, "of_the_other": 0.031, "samples": 312},
        "rule:hashtag weights",
    )
    desk.later(300)
    desk.act(
        PublishPost("sandbox", "build-in-public", START, "Shipped paging that gives you the whole last page."),
        "Posts · build-in-public",
        "its slot has come and no rule of the network refuses it",
    )
    desk.later(240)
    desk.decide(
        MendFile("parser", 41, "rolled back: success fell to 54 % of 13"),
        {"success": 0.54, "floor": 0.6, "samples": 13, "probability_under_floor": 0.93},
        "rule:patch success floor",
    )
    first = ask_reply(desk, 1, "Thanks for trying it!", "Tried your bot, it works on the first go.", "grace")
    second = ask_reply(desk, 2, "You are wrong.", "I doubt that this scales.", "alan", -0.4)
    desk.later(400)
    from services.core.decisions.commands import ApproveDecision, EditDecision, RejectDecision, UndoDecision

    desk.tell(EditDecision(first, {"text": "Thank you for trying it, Grace. What would you like next?"}))
    desk.later(20)
    desk.tell(RejectDecision(second, "not our tone"))
    third = ask_reply(desk, 3, "It is MIT licensed.", "Which licence is it?", "edsger", 0.1)
    desk.later(60)
    desk.tell(ApproveDecision(third))
    desk.tell(UndoDecision(third))
    desk.files.silent.add(reply(4, "On it.", "linus").key)
    fourth = ask_reply(desk, 4, "On it.", "The docs miss a page on plug-ins.", "linus", -0.1)
    desk.later(30)
    desk.tell(ApproveDecision(fourth))
    desk.later(120)
    ask_patch(desk)
    desk.later(180)
    ask_reply(
        desk,
        5,
        "Pages start at 1 and the last one may be short. The docs have an example, and I am glad to help.",
        "How does the API page? I get nine of ten invoices on every page, whatever size I ask for. "
        "<b>Is that on purpose</b> or am I holding it wrong?",
        "barbara",
        0.2,
    )
    desk.later(95)
    desk.propose(
        PublishPost("sandbox", "devlog", START, "Why our bots ask before they act, in 400 words"),
        "Devlog daemon",
        "posts of this campaign ask first",
        {"text": "Why our bots ask before they act, in 400 words", "hashtags": ["#buildinpublic", "#python"]},
    )
    desk.later(40)
    return desk


def find(desk: Desk, concern: str = "pytest") -> str:
    """Put a finding before the person, as the watch of a project does."""
    proposal = Proposal(LookAgain("shop", concern, f"{concern} is missing"), {"mend": "install it"})
    new = ledger.NewDecision.put(proposal, Origin("process:shop", "shop"))
    journal, clock = desk.program.engine.journal, desk.program.clock
    found = clock.result(journal.write(lambda tx: ledger.enter(tx, new)))
    desk.later(0.2)
    return found
