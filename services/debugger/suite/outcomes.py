"""What comes of a suite run: an outcome per test, and whether the run as a whole can be believed."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What came of one test, in pytest's words."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"


@dataclass(frozen=True)
class TestEnded:
    """One test's outcome. ``where`` is file and line of the fault, empty when it did not fail."""

    __test__ = False  # not a test class, though a project's pytest may meet the name

    test: str
    outcome: Outcome
    seconds: float
    message: str = ""
    where: str = ""


@dataclass(frozen=True)
class Broken:
    """A file that could not be collected."""

    where: str
    message: str


class How(StrEnum):
    """How a run ended."""

    COMPLETE = "complete"
    """Every collected test has an outcome, and the end mark came."""
    EMPTY = "empty"
    """It ended properly, but there were no tests."""
    DEADLINE = "deadline"
    CUT = "cut"
    """The records ended before their end mark, or tests were left without an outcome."""
    LYING = "lying"
    """A record could not be true."""
    ASTRAY = "astray"
    """Code was loaded from the original tree, so the copy was not what was tested."""


@dataclass(frozen=True)
class SuiteRun:
    """One run of a suite. Only a COMPLETE one is a verdict; ``why`` says what was wrong with any other."""

    how: How
    tests: tuple[TestEnded, ...]
    broken: tuple[Broken, ...]
    collected: int
    deselected: int
    seconds: float
    why: str = ""

    def count(self, *outcomes: Outcome) -> int:
        counts = Counter(each.outcome for each in self.tests)
        return sum(counts[outcome] for outcome in outcomes)

    @property
    def passed(self) -> int:
        return self.count(Outcome.PASSED, Outcome.XPASSED)

    @property
    def failed(self) -> int:
        return self.count(Outcome.FAILED)

    @property
    def errors(self) -> int:
        """Tests whose set-up or tear-down failed, and files that could not be collected."""
        return self.count(Outcome.ERROR) + len(self.broken)

    @property
    def skipped(self) -> int:
        return self.count(Outcome.SKIPPED, Outcome.XFAILED)

    @property
    def passing(self) -> float | None:
        """Percent passed of those that passed, failed or broke; None where the run is no verdict."""
        told = self.passed + self.failed + self.errors
        return 100.0 * self.passed / told if self.how is How.COMPLETE and told else None
