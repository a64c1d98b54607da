"""A clock whose hands are set by the test, for code that only reads the time."""

from datetime import UTC, datetime, timedelta

from services.core.clock import SystemClock
from services.core.logs import LogLine

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Hands(SystemClock):
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def move(self, seconds: float) -> None:
        self.passed += seconds


def line(text: str, level: str = "INFO", process: str = "bot", run: str = "r1", template: str = "") -> LogLine:
    """A line said at noon."""
    return LogLine(NOON, level, process, text, run, "services.test", template)
