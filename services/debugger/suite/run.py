"""One run of a project's pytest in its isolated copy, by the project's own interpreter."""

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from pathlib import Path

from services.core.clock import Clock
from services.core.durations import format_duration
from services.core.sandbox import CannotStart, Ended, Ending, Line, Stream, Tree
from services.core.words import counted, form
from services.debugger.copies.copy import Copy
from services.debugger.project.discover import Project
from services.debugger.project.interpreter import Interpreter
from services.debugger.suite.outcomes import How, SuiteRun
from services.debugger.suite.records import Lie, Records

PLUGIN = "suite_recorder"
CHANNEL = "SUITE_RECORDS"
ORIGINAL = "SUITE_ORIGINAL"
_LAST_LINES = 12
_NEUTRAL = {
    "xdist": ("-n0",),
    "pytest_cov": ("--no-cov",),
    "randomly": ("-p", "no:randomly"),
    "pytest-randomly": ("-p", "no:randomly"),
    "random_order": ("-p", "no:random_order"),
}
"""What each plugin is told, where it is installed, so that one process runs all tests in their own order."""
Show = Callable[[int, int | None, str], None]
"""Called with tests done, tests collected (None before that is known), and the one that runs."""


@dataclass
class SuiteRunner:
    """Runs the suite of ``project`` in ``copy``; ``env`` is the scrubbed environment."""

    project: Project
    interpreter: Interpreter
    copy: Copy
    clock: Clock
    env: dict[str, str]
    heed: Callable[[], None] = lambda: None
    show: Show = lambda done, total, doing: None
    _records: Records = field(default_factory=Records)
    _tail: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))
    _lie: str = ""

    def run(self, deadline: timedelta) -> SuiteRun:
        """Run all tests, at most for ``deadline``. What ``heed`` raises passes through, and the tree is ended."""
        self._place_plugin()
        start = self.clock.monotonic()
        try:
            with Tree(
                self.command(),
                cwd=self.copy.root,
                env=self.environment(),
                clock=self.clock,
                channel=CHANNEL,
                mark=self.copy.mark,
                longest=131072,
            ) as tree:
                self.copy.note_leader(tree.leader)
                ended = tree.follow(lambda line: self._take(line, tree), self.heed, deadline)
        except CannotStart as error:
            return self._result(How.CUT, str(error), 0.0)
        return self._judge(ended, self.clock.monotonic() - start, deadline)

    def command(self) -> list[str]:
        """pytest with the project's own options, of which those are undone that hide, reorder or spread tests."""
        neutral = [word for plugin, words in _NEUTRAL.items() if plugin in self.interpreter.plugins for word in words]
        options = ["-p", PLUGIN, "--continue-on-collection-errors", "--maxfail=0", "--color=no", *neutral]
        return [str(self.interpreter.path), "-m", "pytest", *options]

    def environment(self) -> dict[str, str]:
        """The copy's source roots come first on the path; the plugin's folder last."""
        roots = [str(self.copy.here(path)) for path in self.project.sources]
        env = {name: value for name, value in self.env.items() if not name.startswith(("PYTEST_", "COV", "GIT_"))}
        env |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.copy.temporary))
        return env | {
            "PYTHONPATH": os.pathsep.join([*roots, str(self.copy.tools)]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONUNBUFFERED": "1",
            ORIGINAL: str(self.project.root),
        }

    def _place_plugin(self) -> None:
        """Put the recorder beside the copy, alone in its folder, so that nothing of ours can be imported there."""
        source = resources.files("services.debugger.suite.child").joinpath("recorder.py").read_text(encoding="utf-8")
        (self.copy.tools / f"{PLUGIN}.py").write_text(source, encoding="utf-8")

    def _take(self, line: Line, tree: Tree) -> None:
        if line.stream is not Stream.CHANNEL:
            self._tail.append(line.text[:300])
            return
        if self._lie:
            return
        try:
            self._records.take(line)
        except Lie as lie:
            self._lie = str(lie)
            tree.cancel()
            return
        records = self._records
        if records.ready:
            running = "" if records.running is None else records.tests[records.running]
            self.show(len(records.ended), len(records.tests), running)

    def _judge(self, ended: Ended, seconds: float, deadline: timedelta) -> SuiteRun:
        records = self._records
        running = "" if records.running is None else f" in {records.tests[records.running]}"
        if self._lie:
            return self._result(How.LYING, self._lie, seconds)
        if ended.how is Ending.DEADLINE:
            why = f"not done within {format_duration(deadline)}; it was ended{running}"
            return self._result(How.DEADLINE, why, seconds)
        if not records.complete:
            why = f"pytest ended with code {ended.code}{running} before its last record"
            return self._result(How.CUT, f"{why}: {self._said()}", seconds)
        if records.missing:
            has = form(len(records.missing), "has", "have")
            why = f"{len(records.missing)} of {counted(len(records.tests), 'test')} {has} no outcome"
            return self._result(How.CUT, f"{why}, first {records.missing[0]}: {self._said()}", seconds)
        if records.outside:
            why = f"loaded from the original instead of the copy: {records.outside[0]}"
            return self._result(How.ASTRAY, why, seconds)
        if not records.tests and not records.broken:
            return self._result(How.EMPTY, "no tests were collected", seconds)
        return self._result(How.COMPLETE, "", seconds)

    def _said(self) -> str:
        return " | ".join(filter(None, (line.strip() for line in self._tail)))[-1000:]

    def _result(self, how: How, why: str, seconds: float) -> SuiteRun:
        records = self._records
        tests = tuple(records.ended[index] for index in sorted(records.ended))
        return SuiteRun(
            how, tests, tuple(records.broken), len(records.tests), records.deselected, round(seconds, 3), why
        )


def original_place(copy: Copy, where: str) -> str:
    """A place in the copy as a person knows it: relative to the project."""
    path, _, line = where.rpartition(":")
    given = Path(path)
    inside = given.relative_to(copy.root) if given.is_relative_to(copy.root) else given
    return f"{inside.as_posix()}:{line}" if path else where
