"""What a script's output says: how loud a line is, how far the script has come, which numbers it tells."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.core.plain import plain
from services.core.sandbox import Line

LONGEST = 2000
"""Characters of a line that are looked at and logged; a pattern must not be led astray by a line without end."""

_LEVEL = re.compile(r"\b(DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b")
_LEVELS = {
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "NOTICE": logging.INFO,
    "WARN": logging.WARNING,
    "WARNING": logging.WARNING,
    "ERROR": logging.ERROR,
    "CRITICAL": logging.CRITICAL,
    "FATAL": logging.CRITICAL,
}
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
PROGRESS = "progress"


@dataclass(frozen=True)
class Reading:
    """What one line told: how far the script is (of ``total``, 100 for a percentage), and numbers by name."""

    done: float | None = None
    total: float | None = None
    doing: str = ""
    metrics: tuple[tuple[str, float], ...] = ()


def clean(text: str) -> str:
    """A line as text: no colours, no control characters, bounded."""
    return plain(_ESCAPES.sub("", text[: 2 * LONGEST]), "")[:LONGEST]


def marked(text: str, line: Line) -> str:
    """``text``, which is what is kept of ``line``, with a mark where that is not all of it."""
    if not line.cut and len(line.text) <= LONGEST:
        return text
    return f"{text}… (cut: {line.whole or len(line.text.encode()):,} bytes in all)"


def level_of(text: str, from_stderr: bool) -> int:
    """The level a line is logged at: the one it names itself near its beginning, as loggers do.

    Else what comes by standard error is a warning, and the rest information.
    """
    named = _LEVEL.search(text[:80])
    if named:
        return _LEVELS[named[1]]
    return logging.WARNING if from_stderr else logging.INFO


def check_pattern(name: str, pattern: str) -> re.Pattern[str]:
    r"""Compile the pattern for a metric, or for ``progress``.

    Progress wants ``(?P<done>\d+)`` and may have ``total`` and ``doing``, or else one group that is a percentage. A
    metric wants one group, or one called ``value``. Raises ``ValueError`` that says so.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        where = f" at character {error.pos + 1}" if error.pos is not None else ""
        raise ValueError(f"{pattern!r} is no regular expression{where}: {error.msg}") from error
    wanted = "done" if name == PROGRESS else "value"
    if compiled.groups == 0 or (compiled.groups > 1 and wanted not in compiled.groupindex):
        raise ValueError(f"{pattern!r} does not show which part is the number; write (?P<{wanted}>...) around it")
    return compiled


class Patterns:
    """The patterns of one script, compiled."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        compiled = {name: check_pattern(name, pattern) for name, pattern in patterns.items()}
        self._progress = compiled.pop(PROGRESS, None)
        self._metrics = compiled

    def read(self, line: str) -> Reading:
        """What ``line`` (cleaned) tells. A match whose text is no number tells nothing."""
        metrics = []
        for name, pattern in self._metrics.items():
            found = pattern.search(line)
            value = _number(found, "value") if found else None
            if value is not None:
                metrics.append((name, value))
        found = self._progress.search(line) if self._progress else None
        if not found:
            return Reading(metrics=tuple(metrics))
        named = found.groupdict()
        done = _number(found, "done")
        total = _number(found, "total") if "total" in named else None
        if "done" not in named:
            total = 100.0
        return Reading(done, total, named.get("doing") or "", tuple(metrics))


def _number(found: re.Match[str], name: str) -> float | None:
    text = found[name] if name in found.re.groupindex else found[1]
    try:
        return float((text or "").replace(",", "").replace("_", ""))
    except ValueError:
        return None
