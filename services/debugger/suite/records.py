"""Reading what the recorder wrote, believing nothing: a record out of order, cut or impossible fails the run."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.core.sandbox import Line
from services.debugger.suite.outcomes import Broken, Outcome, TestEnded

VERSION = 1
MOST_TESTS = 500_000
_DEAD = "after it there can be none"


class Lie(Exception):
    """A record that cannot be true; the message says which and why."""


@dataclass
class Records:
    """Everything recorded so far. ``take`` raises ``Lie`` for a record that cannot follow those before."""

    tests: list[str] = field(default_factory=list)
    ended: dict[int, TestEnded] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    outside: tuple[str, ...] = ()
    deselected: int = 0
    code: int | None = None
    ready: bool = False
    running: int | None = None
    _next: int = 0

    @property
    def complete(self) -> bool:
        """Whether the end mark has come."""
        return self.code is not None

    @property
    def missing(self) -> list[str]:
        """Collected tests without an outcome."""
        return [name for index, name in enumerate(self.tests) if index not in self.ended]

    def take(self, line: Line) -> None:
        """Take one record. Raises ``Lie``."""
        record = _read(line, self._next)
        if self.complete:
            raise Lie(f"record {self._next} came after the end mark, {_DEAD}")
        kind = record.get("kind")
        if (kind == "start") != (self._next == 0):
            raise Lie(f"record {self._next} is {kind!r}; the first, and no other, is 'start'")
        try:
            _TAKE[str(kind)](self, record)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise Lie(f"record {self._next} ({kind!r}) does not fit: {error}") from error
        self._next += 1

    def _collected(self, record: dict[str, Any]) -> None:
        if self.ready or len(self.tests) > MOST_TESTS:
            raise Lie(f"record {self._next} collects more tests, {_DEAD}")
        self.tests.extend(_text(name) for name in record["tests"])

    def _ready(self, record: dict[str, Any]) -> None:
        if self.ready or record["count"] != len(self.tests):
            raise Lie(f"{record['count']} tests are said to be collected, {len(self.tests)} were named")
        self.ready, self.deselected = True, int(record["deselected"])

    def _broke(self, record: dict[str, Any]) -> None:
        self.broken.append(Broken(_text(record["where"]), _text(record["message"])))

    def _began(self, record: dict[str, Any]) -> None:
        test = self._known(record)
        if test in self.ended:
            raise Lie(f"{self.tests[test]} began again after it had ended")
        self.running = test

    def _finished(self, record: dict[str, Any]) -> None:
        test = self._known(record)
        if test != self.running:
            raise Lie(f"{self.tests[test]} ended without having begun")
        outcome, seconds = Outcome(record["outcome"]), float(record["seconds"])
        if not 0 <= seconds < 1e7:
            raise Lie(f"{self.tests[test]} took {seconds} s")
        message, where = _text(record["message"]), _text(record["where"])
        self.ended[test] = TestEnded(self.tests[test], outcome, seconds, message, where)
        self.running = None

    def _end(self, record: dict[str, Any]) -> None:
        if record["ended"] != len(self.ended):
            raise Lie(f"{record['ended']} tests are said to have ended, {len(self.ended)} were recorded")
        self.outside = tuple(_text(path) for path in record["outside"])
        self.code = int(record["code"])

    def _known(self, record: dict[str, Any]) -> int:
        test = record["test"]
        if not (self.ready and isinstance(test, int) and 0 <= test < len(self.tests)):
            raise Lie(f"record {self._next} speaks of test {test!r}, which was not collected")
        return test


def _read(line: Line, expected: int) -> dict[str, Any]:
    if line.cut:
        raise Lie(f"record {expected} is longer than any of ours")
    try:
        record = json.loads(line.text)
    except ValueError as error:
        raise Lie(f"record {expected} is no JSON: {error}") from error
    if not isinstance(record, dict) or record.get("v") != VERSION or record.get("n") != expected:
        raise Lie(f"record {expected} is not of version {VERSION} or out of its order")
    return record


def _text(value: Any) -> str:
    """A string that can be stored: half characters, which JSON can smuggle in, are replaced."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


_TAKE: dict[str, Callable[[Records, dict[str, Any]], None]] = {
    "start": lambda records, record: None,
    "collected": Records._collected,
    "ready": Records._ready,
    "broken": Records._broke,
    "began": Records._began,
    "ended": Records._finished,
    "end": Records._end,
}
