"""Facts that the debugger keeps."""

from dataclasses import dataclass

from services.core.events import Event


class ProjectFound(Event, name="debugger.project.found"):
    """What is under care, settled at the start of a cycle; ``reasons`` says for each part why it is so."""

    root: str
    git: bool
    interpreter: str
    """Path of the project's interpreter, empty when there is none."""
    python: str
    pytest: str
    tests: list[str]
    sources: list[str]
    reasons: dict[str, str]


@dataclass(frozen=True)
class FileImpact:
    """A file's impact, 0 to 1, with the rank of each factor in the project."""

    path: str
    impact: float
    factors: dict[str, float]


class Scanned(Event, name="debugger.scanned"):
    """A scan: totals, and the files of highest impact. ``reread`` files had changed since the last one."""

    files: int
    lines: int
    functions: int
    reread: int
    unreadable: int
    seconds: float
    hottest: list[FileImpact]


class SuiteEnded(Event, name="debugger.suite.ended"):
    """A run of the suite. Its counts are a verdict only when ``how`` is ``complete``; else ``why`` says more.

    Where there is nothing to run it with, ``how`` is ``not run``.
    """

    how: str
    passed: int
    failed: int
    errors: int
    skipped: int
    collected: int
    deselected: int
    seconds: float
    passing: float | None
    """Percent of those that passed, failed or broke; None where the run is no verdict."""
    why: str = ""
    amiss: str = ""
    """What is wrong, in a few words; empty where all passed."""


class TestFailed(Event, name="debugger.test.failed"):
    """One test that failed or broke, or a file that could not be collected (``outcome`` is then ``broken``)."""

    verbatim = frozenset({"test"})
    __test__ = False  # not a test class, though the name begins like one

    test: str
    outcome: str
    message: str
    where: str
    seconds: float


class FindingMade(Event, name="debugger.finding"):
    """Something wrong with a project, where, and how it is mended."""

    severity: str
    what: str
    where: str
    mend: str
