"""Results as events: bounded in number and length, in words that can be stored and shown."""

from collections.abc import Iterator

from services.core.words import counted
from services.debugger.command import bounded
from services.debugger.copies.copy import Copy
from services.debugger.events import FileImpact, FindingMade, ProjectFound, Scanned, SuiteEnded, TestFailed
from services.debugger.findings import Finding, Severity
from services.debugger.project.discover import Project
from services.debugger.project.interpreter import OURS
from services.debugger.scanner.scan import Scan
from services.debugger.suite.outcomes import How, Outcome, SuiteRun
from services.debugger.suite.run import original_place

MOST_FAILURES = 50
MOST_FILES = 20
_LONGEST = 500
_MENDS = {
    How.DEADLINE: "raise this process's deadline, or mend the test that hangs",
    How.CUT: "run pytest by hand in the project and mend what ends it",
    How.LYING: "something in the tests writes to descriptors that it did not open; find and mend it",
    How.ASTRAY: "the tests change the import path to the original's folder; let them use the one they run in",
    How.EMPTY: "add tests, or name their folders by testpaths",
}
_NO_VERDICT = {
    How.EMPTY: "no tests found",
    How.DEADLINE: "tests not done in time",
    How.CUT: "test run broke off",
    How.LYING: "test run not to be trusted",
    How.ASTRAY: "tests left the copy",
}


def project_found(project: Project) -> ProjectFound:
    """What was settled about a project."""
    interpreter = project.interpreter
    return ProjectFound(
        root=_words(str(project.root)),
        git=project.git,
        interpreter=_words(str(interpreter.path)) if interpreter else "",
        python=interpreter.version if interpreter else "",
        pytest=interpreter.pytest if interpreter else "",
        tests=[_words(path.relative_to(project.root).as_posix()) for path in project.tests],
        sources=[_words(path.relative_to(project.root).as_posix()) for path in project.sources],
        reasons={name: _words(why) for name, why in project.reasons.items()},
    )


def finding(found: Finding) -> FindingMade:
    """A finding as an event."""
    return FindingMade(str(found.severity), _words(found.what), _words(found.where), _words(found.mend))


def scanned(scan: Scan, seconds: float) -> Scanned:
    """A scan with its hottest files."""
    hottest = [FileImpact(_words(each.path), each.impact, each.factors) for each in scan.scored[:MOST_FILES]]
    return Scanned(
        files=len(scan.measures) + len(scan.unreadable),
        lines=scan.lines,
        functions=scan.functions,
        reread=scan.reread,
        unreadable=len(scan.unreadable),
        seconds=round(seconds, 3),
        hottest=hottest,
    )


def unreadable(scan: Scan) -> Iterator[Finding]:
    """The files that could not be parsed, by name."""
    for path, why in sorted(scan.unreadable.items())[:MOST_FILES]:
        mend = "mend the syntax, unless it is meant for another Python; it is not scored until then"
        yield Finding(Severity.WARNING, f"it cannot be parsed: {why}", path, mend)
    if (more := len(scan.unreadable) - MOST_FILES) > 0:
        yield Finding(Severity.WARNING, f"{counted(more, 'more file')} cannot be parsed", "", "mend those named first")


def left_out(copy: Copy) -> Iterator[Finding]:
    """What is not in the copy, since a test that needs it fails there."""
    if not copy.left_out:
        return
    named = bounded((f"{path} ({why})" for path, why in sorted(copy.left_out.items())), 10)
    what = "left out of the isolated copy: " + "; ".join(named)
    mend = "if a test needs one of these, let it make its own"
    yield Finding(Severity.NOTE, what, str(copy.original), mend)


def suite_ended(run: SuiteRun) -> SuiteEnded:
    """The sum of a run."""
    return SuiteEnded(
        how=str(run.how),
        passed=run.passed,
        failed=run.failed,
        errors=run.errors,
        skipped=run.skipped,
        collected=run.collected,
        deselected=run.deselected,
        seconds=run.seconds,
        passing=run.passing,
        why=_words(run.why, 1500),
        amiss=amiss(run),
    )


def suite_not_run(project: Project) -> SuiteEnded:
    """There is nothing to run the suite with; the findings say how that is mended."""
    missing = "no pytest" if project.interpreter else "no interpreter"
    if any(found.what == OURS for found in project.findings):
        missing = "its only interpreter is the one that Dreamscape itself runs in"
    why = "; ".join(found.what for found in project.findings)
    return SuiteEnded("not run", 0, 0, 0, 0, 0, 0, 0.0, None, _words(why, 1500), missing)


def amiss(run: SuiteRun) -> str:
    """What is wrong with a run, in a few words; empty where all passed."""
    if run.how is not How.COMPLETE:
        return _NO_VERDICT[run.how]
    counts = (
        (run.failed, "failed"),
        (run.count(Outcome.ERROR), "broke in set-up or tear-down"),
        (len(run.broken), "files not collected" if len(run.broken) > 1 else "file not collected"),
    )
    return ", ".join(f"{count} {words}" for count, words in counts if count)


def no_verdict(run: SuiteRun, project: Project) -> Iterator[Finding]:
    """Why a run is no verdict, if it is none."""
    if run.how is not How.COMPLETE:
        severity = Severity.WARNING if run.how is How.EMPTY else Severity.ERROR
        yield Finding(severity, f"the test run is no verdict: {run.why}", str(project.root), _MENDS[run.how])


def failures(run: SuiteRun, copy: Copy) -> Iterator[TestFailed]:
    """The first failures of a run, files that could not be collected before tests."""
    bad = [each for each in run.tests if each.outcome in (Outcome.FAILED, Outcome.ERROR)]
    for broken in run.broken[:MOST_FAILURES]:
        yield TestFailed(broken.where, "broken", _shown(broken.message, copy), broken.where, 0.0)
    for each in bad[: max(0, MOST_FAILURES - len(run.broken))]:
        place = _words(original_place(copy, each.where))
        yield TestFailed(each.test, str(each.outcome), _shown(each.message, copy), place, each.seconds)


def _shown(message: str, copy: Copy) -> str:
    """A message about the copy in terms of the project."""
    return _words(message.replace(f"{copy.root}/", ""))


def _words(text: str, longest: int = _LONGEST) -> str:
    """Text that can be stored: bounded, and without the half characters of undecodable file names."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"
