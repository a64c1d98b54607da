"""A pytest plugin that writes what happens to each test as JSON lines to an inherited descriptor.

It runs inside the project's interpreter (3.8 and later): it imports only the standard library, is copied out of this
package before it is used, and changes nothing about the run. Records are numbered; their lengths are bounded. What
the tests print cannot mix with them. A write that fails raises, so the stream ends without its end mark.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from typing import Any

VERSION = 1
CHANNEL = "SUITE_RECORDS"
ORIGINAL = "SUITE_ORIGINAL"
LONGEST_ID = 400
LONGEST_MESSAGE = 1000
CHUNK = 50
MOST_OUTSIDE = 20
WORST = ("passed", "xpassed", "skipped", "xfailed", "failed", "error")


class Recorder:
    """Follows one session and writes its records."""

    def __init__(self, channel: int, original: str) -> None:
        self._channel = channel
        self._original = os.path.realpath(original)
        self._process = os.getpid()
        self._number = 0
        self._index: dict[str, list[int]] = {}
        self._current: dict[str, int] = {}
        self._open: dict[str, list[tuple[str, float, str, str]]] = {}
        self._deselected = 0
        self._ended = 0

    def write(self, kind: str, **fields: Any) -> None:
        """Write one record. A forked child of a test inherits us; it has no say."""
        if os.getpid() != self._process:
            return
        record = {"v": VERSION, "n": self._number, "kind": kind, **fields}
        line = (json.dumps(record) + "\n").encode("ascii")
        while line:
            line = line[os.write(self._channel, line) :]
        self._number += 1

    def pytest_sessionstart(self, session: Any) -> None:
        root = str(getattr(session.config, "rootpath", None) or session.config.rootdir)
        self.write("start", python=platform.python_version(), root=root)

    def pytest_deselected(self, items: Any) -> None:
        self._deselected += len(items)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            message, where = _crash(report)
            self.write("broken", where=_bounded(report.nodeid or where), message=message)

    def pytest_collection_finish(self, session: Any) -> None:
        names = [item.nodeid for item in session.items]
        for index, name in enumerate(names):
            self._index.setdefault(name, []).append(index)
        for start in range(0, len(names), CHUNK):
            self.write("collected", tests=[_bounded(name) for name in names[start : start + CHUNK]])
        self.write("ready", count=len(names), deselected=self._deselected)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        same = self._index[nodeid]  # more than one where a test is given twice
        self._current[nodeid] = same.pop(0) if len(same) > 1 else same[0]
        self._open[nodeid] = []
        self.write("began", test=self._current[nodeid])

    def pytest_runtest_logreport(self, report: Any) -> None:
        phases = self._open.get(report.nodeid)
        if phases is None or report.outcome == "rerun":
            return
        outcome = _outcome(report)
        message, where = _crash(report) if outcome in ("failed", "error") else ("", "")
        phases.append((outcome, float(getattr(report, "duration", 0.0)), message, where))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        phases = self._open.pop(nodeid)
        if not phases:
            return
        worst = max(phases, key=lambda phase: WORST.index(phase[0]))
        spent = sum(phase[1] for phase in phases)
        self._ended += 1
        self.write(
            "ended",
            test=self._current[nodeid],
            outcome=worst[0],
            seconds=round(spent, 6),
            message=worst[2],
            where=worst[3],
        )

    def pytest_sessionfinish(self, session: Any, exitstatus: Any) -> None:
        self.write("end", code=int(exitstatus), ended=self._ended, outside=self._outside())

    def _outside(self) -> list[str]:
        """Modules that were loaded from the original tree and not from the copy; its environment is not meant."""
        found = set()
        own = os.path.realpath(sys.prefix) + os.sep
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str):
                real = os.path.realpath(file)
                if real.startswith(self._original + os.sep) and not real.startswith(own):
                    found.add(real[:LONGEST_ID])
        return sorted(found)[:MOST_OUTSIDE]


def _outcome(report: Any) -> str:
    if report.outcome == "failed":
        return "failed" if report.when == "call" else "error"
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.outcome == "skipped" else "xpassed"
    return "skipped" if report.outcome == "skipped" else "passed"


def _crash(report: Any) -> tuple[str, str]:
    """What went wrong and the line where, as far as the report tells."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return str(report.longrepr)[-LONGEST_MESSAGE:], ""
    return str(crash.message)[:LONGEST_MESSAGE], "{}:{}".format(crash.path, crash.lineno)[-LONGEST_ID:]  # noqa: UP032


def _bounded(name: str) -> str:
    return name if len(name) <= LONGEST_ID else name[: LONGEST_ID - 1] + "…"


def _open_channel(number: int) -> int:
    """The descriptor of the channel; on Windows what was inherited is a handle."""
    if os.name == "nt":
        import msvcrt

        return int(msvcrt.open_osfhandle(number, os.O_WRONLY))  # type: ignore[attr-defined, unused-ignore]
    os.set_inheritable(number, False)
    return number


def pytest_configure(config: Any) -> None:
    """Take our variables out of the environment, so that tests see it as it is, and follow the session."""
    channel, original = os.environ.pop(CHANNEL), os.environ.pop(ORIGINAL)
    config.pluginmanager.register(Recorder(_open_channel(int(channel)), original), "suite-recorder")
