"""The process that keeps a project under care: one cycle finds, scans, copies and tests it, and tells."""

import logging
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from services.core.durations import minutes, seconds
from services.core.errors import UserError
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context
from services.core.sandbox import scrub
from services.debugger import telling
from services.debugger.command import ToolFailed, Tools
from services.debugger.copies.copy import Copy, CopyFailed, isolated_copy, remove_leftovers
from services.debugger.events import SuiteEnded
from services.debugger.findings import Finding, Severity
from services.debugger.project.discover import NotAProject, Project, discover
from services.debugger.project.foreign import FOREIGN
from services.debugger.scanner.scan import Scanner, cache_file
from services.debugger.suite.outcomes import SuiteRun
from services.debugger.suite.run import SuiteRunner


@dataclass(frozen=True)
class Watched:
    """What a file-change trigger watches for a process: folders, endings that count, folder names that do not."""

    paths: tuple[Path, ...]
    suffixes: tuple[str, ...]
    ignored: frozenset[str]


class ProjectWatch(Process):
    """Finds, scans and tests the project at ``path`` once; a schedule or a file change runs it again.

    ``interpreter`` is an interpreter or an environment's folder, absolute or from the project; empty, it is looked
    for. ``deadline`` bounds the test run. ``scratch`` is where copies and scans are kept; empty, it is a private folder
    of the system's temporary one.
    """

    service = "debugger"
    isolation = Isolation.PROCESS  # parsing is computing, and would hold the interpreter that the window paints by
    heartbeat = seconds(30)
    priority: ClassVar[int] = 6

    path: str
    interpreter: str = ""
    deadline: timedelta = minutes(15)
    scratch: str = ""

    def run(self, context: Context) -> None:
        scratch = scratch_folder(self.scratch)
        for mark in remove_leftovers(scratch, context.clock):
            context.log.warning("removed the copy %s, which a killed run had left", mark)
        tools = Tools(context.clock, scrub(os.environ), context.checkpoint)
        project = self._find(context, tools)
        self._scan(context, tools, project, scratch)
        if project.testable:
            self._test(context, tools, project, scratch)
        else:
            _conclude(context, telling.suite_not_run(project))

    def watched(self) -> Watched:
        """What a change of which should run this process again."""
        suffixes = (".py", ".toml", ".cfg", ".ini", ".txt", ".json", ".yaml", ".yml")
        return Watched((Path(self.path).expanduser().absolute(),), suffixes, FOREIGN)

    def _find(self, context: Context, tools: Tools) -> Project:
        context.doing("looking at the project")
        try:
            project = discover(self.path, tools, self.interpreter)
        except NotAProject as error:
            _tell(context, [error.finding])
            raise ConfigurationFault(str(error)) from error
        context.emit(telling.project_found(project))
        _tell(context, project.findings)
        return project

    def _scan(self, context: Context, tools: Tools, project: Project, scratch: Path) -> None:
        start = context.clock.monotonic()
        scanner = Scanner(project, tools, cache_file(scratch, project.root))
        try:
            for file in context.track(scanner.files(), doing="scanning"):
                scanner.look(file)
            scan = scanner.finish()
        except ToolFailed as error:
            mend = "see that git works in the project's folder"
            _tell(context, [Finding(Severity.ERROR, f"it cannot be scanned: {error}", str(project.root), mend)])
            return
        context.emit(telling.scanned(scan, context.clock.monotonic() - start))
        _tell(context, telling.unreadable(scan))

    def _test(self, context: Context, tools: Tools, project: Project, scratch: Path) -> None:
        context.progress(0, None, "copying")
        try:
            with isolated_copy(project.root, scratch, context.checkpoint) as copy:
                _tell(context, telling.left_out(copy))
                self._tell_run(context, project, copy, self._run_suite(context, tools, project, copy))
        except CopyFailed as error:
            mend = "see the place named; tests run only in a copy"
            _tell(context, [Finding(Severity.ERROR, f"it cannot be copied: {error}", str(project.root), mend)])
            context.found_amiss("not copied, so not tested")

    def _run_suite(self, context: Context, tools: Tools, project: Project, copy: Copy) -> SuiteRun:
        assert project.interpreter is not None
        context.progress(0, None, "collecting tests")
        runner = SuiteRunner(
            project, project.interpreter, copy, context.clock, dict(tools.env), context.checkpoint, context.progress
        )
        return runner.run(self.deadline)

    def _tell_run(self, context: Context, project: Project, copy: Copy, run: SuiteRun) -> None:
        context.emit(*telling.failures(run, copy))
        _conclude(context, telling.suite_ended(run))
        _tell(context, telling.no_verdict(run, project))
        if run.passing is not None:
            context.sample(f"debugger.tests.passing:{context.name}", run.passing)


def scratch_folder(given: str) -> Path:
    """Where copies and scans are kept: a folder that is ours alone. Raises ``ConfigurationFault``."""
    folder = Path(given).expanduser() if given else Path(tempfile.gettempdir()) / f"debugger-{_owner()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationFault(f"{folder}: {error.strerror}; set another scratch folder") from error
    if not given and hasattr(os, "getuid") and folder.lstat().st_uid != os.getuid():
        raise ConfigurationFault(f"{folder} belongs to another user; set a scratch folder of your own")
    return folder.resolve()


def _owner() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _conclude(context: Context, suite: SuiteEnded) -> None:
    """Tell how the suite stands; what is wrong with it is told with the end of the run too."""
    context.emit(suite)
    context.found_amiss(suite.amiss)


def _tell(context: Context, findings: Iterable[Finding]) -> None:
    """Keep findings at once, and say them in the log: what follows may end the run."""
    kept = [telling.finding(each) for each in findings]
    context.emit(*kept)
    for each in kept:
        told = UserError(each.what, each.where, each.mend)
        context.log.log(logging.ERROR if each.severity == Severity.ERROR else logging.WARNING, "%s", told)
    context.checkpoint()
