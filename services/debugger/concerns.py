"""Concerns: what one cycle over a project found that a person should act on, gathered to few enough to be read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.core.effects import Effect
from services.core.events import Event
from services.core.words import form
from services.debugger.events import FindingMade, ProjectFound, Scanned, SuiteEnded, TestFailed
from services.debugger.findings import Severity

_MOST_TOLD = 20


class LookAgain(Effect, name="debugger.look_again"):
    """What stands before a person about a project. There is nothing to approve: they can have it looked at again."""

    word = "Look again"
    finding = True

    process: str
    concern: str
    """Which concern this is: the same while nothing about it changes."""
    told: str
    """What is wrong."""
    asked: int = 1
    """How often it has been put before a person."""

    @property
    def key(self) -> str:
        return f"concern:{self.process}:{self.concern}:{self.asked}"

    @property
    def what(self) -> str:
        return f"{self.process}: {self.told}"


@dataclass(frozen=True)
class Concern:
    """Something wrong with a project: ``identity`` is the same in the next cycle if nothing about it has changed."""

    identity: str
    what: str
    where: str
    mend: str
    details: tuple[str, ...] = ()


@dataclass
class Cycle:
    """What one run of a project watch has told so far."""

    root: str = ""
    suite: SuiteEnded | None = None
    findings: list[FindingMade] = field(default_factory=list)
    failures: list[TestFailed] = field(default_factory=list)
    spoke: bool = False
    """The debugger has told something: it is a project watch that runs here."""

    def take(self, event: Event) -> None:
        """Take in what was told; other events are none of ours."""
        match event:
            case ProjectFound():
                self.root = event.root
            case FindingMade() if event.severity != Severity.NOTE and event not in self.findings:
                self.findings.append(event)
            case TestFailed():
                self.failures.append(event)
            case SuiteEnded():
                self.suite = event
        self.spoke = self.spoke or isinstance(event, ProjectFound | FindingMade | Scanned | SuiteEnded)

    def concerns(self) -> tuple[Concern, ...]:
        """What a person should act on; findings that are mended alike are one."""
        alike: dict[str, list[FindingMade]] = {}
        for finding in self.findings:
            alike.setdefault(finding.mend, []).append(finding)
        return (*map(_of_findings, alike.values()), *self._of_suite())

    def _of_suite(self) -> Iterable[Concern]:
        suite = self.suite
        if suite is None or suite.passing is None or not suite.failed + suite.errors:
            return
        failing = suite.failed + suite.errors
        of_all = f"{failing} of {suite.collected} tests {form(failing, 'fails', 'fail')}"
        what = of_all if suite.collected > 1 else "its test fails"
        told = tuple(f"{each.test}: {each.message}" for each in self.failures[:_MOST_TOLD])
        more = (f"and {len(self.failures) - _MOST_TOLD} more",) if len(self.failures) > _MOST_TOLD else ()
        mend = "change what they test, or the tests; each change of a file has them run again"
        yield Concern(_digest(sorted(each.test for each in self.failures)), what, self.root, mend, told + more)


def _of_findings(alike: list[FindingMade]) -> Concern:
    first, more = alike[0], len(alike) - 1
    what = first.what + (f" (and {more} more like it)" if more else "")
    details = tuple(f"{each.where}: {each.what}" for each in alike) if more else ()
    return Concern(_digest(f"{each.where}: {each.what}" for each in alike), what, first.where, first.mend, details)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
