"""The debugger's figures on Overview: how the suites stand, project by project."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from services.core.events import Recorded
from services.core.projections.projection import Projection
from services.debugger.events import FindingMade, ProjectFound, Scanned, SuiteEnded

MOST_FINDINGS = 100


@dataclass(frozen=True)
class FindingShown:
    """One finding, as it stands."""

    severity: str
    what: str
    where: str
    mend: str


@dataclass(frozen=True)
class ProjectKpis:
    """One project under care. ``passing`` (percent) is None where the last run was no verdict; ``why`` says so.

    ``amiss`` is what is wrong with the suite, in a few words.
    """

    process: str
    root: str = ""
    passing: float | None = None
    failing: int = 0
    tests: int = 0
    how: str = ""
    why: str = ""
    amiss: str = ""
    last_run: datetime | None = None
    seconds: float = 0.0
    files: int = 0
    lines: int = 0
    findings: tuple[FindingShown, ...] = ()


@dataclass(frozen=True)
class DebuggerFigures:
    """All projects together, and each by itself. ``passing`` (percent) is over all tests of runs with a verdict."""

    passing: float | None = None
    failing: int = 0
    last_run: datetime | None = None
    findings: int = 0
    projects: tuple[ProjectKpis, ...] = ()


@dataclass
class ProjectState:
    """What is folded for one process."""

    root: str = ""
    suite: SuiteEnded | None = None
    at: datetime | None = None
    files: int = 0
    lines: int = 0
    findings: list[FindingMade] = field(default_factory=list)


@dataclass
class DebuggerState:
    """What is folded, by the name of the process."""

    projects: dict[str, ProjectState] = field(default_factory=dict)


class DebuggerKpis(Projection[DebuggerState, DebuggerFigures]):
    """Folds what the debugger's processes tell. A new cycle replaces the findings of the one before."""

    name: ClassVar[str] = "debugger.kpis"
    version = 2
    State = DebuggerState
    handles = (ProjectFound, Scanned, SuiteEnded, FindingMade)

    def fold(self, recorded: Recorded) -> None:
        event = recorded.event
        project = self.state.projects.setdefault(recorded.source, ProjectState())
        if isinstance(event, ProjectFound):
            project.root, project.findings = event.root, []
        elif isinstance(event, Scanned):
            project.files, project.lines = event.files, event.lines
        elif isinstance(event, SuiteEnded):
            project.suite, project.at = event, recorded.at
        elif isinstance(event, FindingMade) and event not in project.findings and len(project.findings) < MOST_FINDINGS:
            project.findings.append(event)

    def value(self) -> DebuggerFigures:
        projects = tuple(_shown(name, state) for name, state in sorted(self.state.projects.items()))
        verdicts = [
            state.suite for state in self.state.projects.values() if state.suite and state.suite.passing is not None
        ]
        passed = sum(suite.passed for suite in verdicts)
        told = sum(suite.passed + suite.failed + suite.errors for suite in verdicts)
        return DebuggerFigures(
            passing=100.0 * passed / told if told else None,
            failing=sum(each.failing for each in projects),
            last_run=max((each.last_run for each in projects if each.last_run), default=None),
            findings=sum(len(each.findings) for each in projects),
            projects=projects,
        )


def _shown(name: str, state: ProjectState) -> ProjectKpis:
    suite = state.suite
    return ProjectKpis(
        process=name,
        root=state.root,
        passing=suite.passing if suite else None,
        failing=suite.failed + suite.errors if suite else 0,
        tests=suite.collected if suite else 0,
        how=suite.how if suite else "",
        why=suite.why if suite else "",
        amiss=suite.amiss if suite else "",
        last_run=state.at,
        seconds=suite.seconds if suite else 0.0,
        files=state.files,
        lines=state.lines,
        findings=tuple(FindingShown(each.severity, each.what, each.where, each.mend) for each in state.findings),
    )
