"""How one can tell that a script lives: it writes something, touches a file, or answers over HTTP."""

import http.client
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from services.core.clock import Clock
from services.core.durations import parse_duration

_PROBE_TIMEOUT = 2.0
_MISSES = 3
_FORMS = "'output within 60s', 'file PATH within 60s' or 'http URL every 10s'"
_TEXT = re.compile(r"(?P<kind>output|file|http)(?:\s+(?P<what>.+?))?\s+(?P<when>within|every)\s+(?P<time>\S+)\s*")


@dataclass(frozen=True)
class Alive:
    """What the user wrote: ``kind`` is ``output``, ``file`` or ``http``, ``what`` the path or the address."""

    kind: str
    what: str
    time: timedelta

    @classmethod
    def parse(cls, text: str) -> "Alive":
        """Read one of the three forms; raises ``ValueError`` that shows them."""
        found = _TEXT.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} tells no sign of life; write {_FORMS}")
        kind, what = found["kind"], found["what"] or ""
        if (kind == "output") == bool(what) or (kind == "http") != (found["when"] == "every"):
            raise ValueError(f"{text!r} tells no sign of life; write {_FORMS}")
        if kind == "http" and urlsplit(what).scheme not in ("http", "https"):
            raise ValueError(f"{what!r} is no address; write one that begins with http:// or https://")
        time = parse_duration(found["time"])
        if time <= timedelta(0):
            raise ValueError(f"{text!r} leaves no time; write {_FORMS}")
        return cls(kind, what, time)

    @property
    def within(self) -> float:
        """Seconds that a sign of life lasts; an HTTP probe may miss twice in a row."""
        return self.time.total_seconds() * (_MISSES if self.kind == "http" else 1)


class Life:
    """Remembers when a script last showed a sign of life. Without a declared sign, its process being there is one."""

    def __init__(self, alive: Alive | None, folder: Path, clock: Clock) -> None:
        self.alive = alive
        self._clock = clock
        self._last = clock.monotonic()
        self._look = _looking(alive, folder, clock)

    def heard(self) -> None:
        """The script wrote something."""
        if self.alive is not None and self.alive.kind == "output":
            self.reset()

    def reset(self) -> None:
        """Count anew, as after a pause."""
        self._last = self._clock.monotonic()

    def shows(self) -> bool:
        """Whether the last sign of life is recent enough."""
        if self.alive is None:
            return True
        if self._look():
            self.reset()
        return self.silence <= self.alive.within

    @property
    def silence(self) -> float:
        """Seconds since the last sign of life."""
        return self._clock.monotonic() - self._last


def _looking(alive: Alive | None, folder: Path, clock: Clock) -> Callable[[], bool]:
    if alive is None or alive.kind == "output":
        return lambda: False
    if alive.kind == "file":
        return _FileTouched(folder / Path(alive.what).expanduser())
    return _Probe(alive.what, alive.time.total_seconds(), clock)


class _FileTouched:
    """Sees that a file was written, by its modification time; when it was written does not matter, only that."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = self._stamp()

    def __call__(self) -> bool:
        stamp = self._stamp()
        touched = stamp is not None and stamp != self._before
        self._before = stamp
        return touched

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size


class _Probe:
    """Asks an address now and then; any answer below 400 is a sign of life."""

    def __init__(self, url: str, every: float, clock: Clock) -> None:
        self._url = urlsplit(url)
        self._every = every
        self._clock = clock
        self._next = clock.monotonic()

    def __call__(self) -> bool:
        now = self._clock.monotonic()
        if now < self._next:
            return False
        self._next = now + self._every
        return self._answers()

    def _answers(self) -> bool:
        # http.client, not urllib: a proxy from the environment must not answer in the script's place.
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        try:
            connection = kind(self._url.hostname or "", self._url.port, timeout=_PROBE_TIMEOUT)
            try:
                connection.request("GET", (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else ""))
                return connection.getresponse().status < 400
            finally:
                connection.close()
        except (OSError, ValueError, http.client.HTTPException):
            return False
