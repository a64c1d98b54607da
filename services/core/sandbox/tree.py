"""A foreign child and all that it starts, as one thing that is followed and ended."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from services.core.clock import Clock
from services.core.durations import seconds
from services.core.folders import is_folder
from services.core.sandbox.lines import Line, Splitter, Stream
from services.core.words import shortened

if sys.platform == "win32":
    from services.core.sandbox.windows import Containment, kill_marked, leader_known, living, read_ready
else:
    from services.core.sandbox.posix import Containment, kill_marked, leader_known, living, read_ready

MARK = "PROCESS_TREE_MARK"
"""Variable by which descendants are known; trees within trees carry the marks of all of them."""
_SOON, _LATE = 0.005, 0.1
_KILLING = 5.0
_ROUNDS = 1000
_LONGEST_NAME = 200
GRACE = seconds(3)


class CannotStart(Exception):
    """The command could not be started; the message says what and why."""


class Ending(StrEnum):
    """What brought a tree to its end."""

    EXITED = "exited"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"


@dataclass(frozen=True)
class Ended:
    """How a tree ended. ``code`` is the leader's exit code, below zero a signal's number on POSIX."""

    code: int
    how: Ending
    survivors: frozenset[int] = frozenset()
    """Processes that even a kill did not end (stuck in the kernel)."""


class Tree:
    """Runs ``argv`` in ``cwd`` with exactly the environment ``env``, contained together with all it starts.

    Use it as a context manager: leaving it, in whatever way, ends the tree. One thread owns it and calls ``follow``;
    ``cancel`` and ``end`` may be called from any thread. No thread of its own is started. What outlives the leader
    is ended too. Raises ``CannotStart``.

    ``channel`` names a variable in which the child finds the number of a descriptor (on Windows: of a handle) for
    records that must not mix with what it prints. ``mark`` makes the tree findable by a later run of ours (see
    ``end_strays``). ``longest`` bounds each line, in bytes; ``undecodable`` is what becomes of bytes that are no UTF-8
    (an error handler of ``bytes.decode``); ``grace`` is the time between asking and killing.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | str,
        env: Mapping[str, str],
        clock: Clock,
        channel: str | None = None,
        mark: str | None = None,
        longest: int = 8192,
        undecodable: str = "replace",
        grace: timedelta = GRACE,
    ) -> None:
        self.mark = mark or uuid.uuid4().hex
        self._clock = clock
        self._grace = grace.total_seconds()
        self._wakeup = clock.wakeup()
        self._cancelled = False
        self._ending = threading.Lock()
        self._containment = Containment(self.mark)
        marks = "/".join(filter(None, (env.get(MARK), self.mark)))
        self._pipes: dict[int, Splitter] = {}
        self._splitter: Callable[[Stream], Splitter] = lambda stream: Splitter(stream, longest, undecodable)
        self._child = self._spawn(argv, cwd, {**env, MARK: marks}, channel)

    @property
    def pid(self) -> int:
        """The leader's process number."""
        return self._child.pid

    @property
    def code(self) -> int | None:
        """The leader's exit code, below zero a signal's number on POSIX, once the tree has been left."""
        return self._child.returncode

    @property
    def leader(self) -> str:
        """What ``end_strays`` of a later run needs beside the mark; empty where the mark is enough."""
        return leader_known(self.pid)

    @property
    def running(self) -> bool:
        """Whether the leader has not ended yet."""
        return not self._containment.exited()

    def follow(
        self,
        on_line: Callable[[Line], None],
        heed: Callable[[], None] = lambda: None,
        deadline: timedelta | None = None,
    ) -> Ended:
        """Deliver the output until the tree has ended; end it after ``deadline`` or when cancelled.

        ``heed`` is called about ten times a second (a heartbeat, a checkpoint); the time it takes, in a pause for
        instance, does not count. What it or ``on_line`` raises passes through; leaving the context then ends the tree.
        """
        start = heeded = self._clock.monotonic()
        pause, how = _SOON, Ending.EXITED
        while self.running:
            now = self._clock.monotonic()
            if self._cancelled or (deadline and now - start >= deadline.total_seconds()):
                how = Ending.CANCELLED if self._cancelled else Ending.DEADLINE
                break
            busy = self._pump(on_line)
            before = self._clock.monotonic()
            if not busy or before - heeded >= _LATE:
                heed()
                heeded = self._clock.monotonic()
                start += heeded - before  # what reading took counts: who speaks without end must not gain time by it
            pause = _SOON if busy else min(_LATE, pause * 2)
            if not busy:
                self._wakeup.wait(pause)
        survivors = self._end(lambda: self._drain(on_line, _LATE))
        self._drain(on_line)
        self._last_lines(on_line)
        return Ended(self._child.wait(), Ending.CANCELLED if self._cancelled else how, survivors)

    def cancel(self) -> None:
        """Have the owner's ``follow`` end the tree; returns at once."""
        self._cancelled = True
        self._wakeup.set()

    def kill(self) -> None:
        """Kill all members at once, as a fault would; ``follow`` then tells how the child ended. From any thread."""
        self._containment.kill()

    def end(self) -> frozenset[int]:
        """Ask all members to end, wait, kill what is left; returns what even that did not end. Idempotent."""
        return self._end(lambda: None)

    def _end(self, meanwhile: Callable[[], None]) -> frozenset[int]:
        while not self._ending.acquire(blocking=False):  # another thread is at it: wait on the clock, as it does
            self._clock.wakeup().wait(_SOON * 2)
        try:
            if not self._containment.members():
                return frozenset()
            self._containment.terminate()
            if self._gone_within(self._grace, meanwhile):
                return frozenset()
            self._gone_within(_KILLING, self._containment.kill)
            return frozenset(self._containment.members())
        finally:
            self._ending.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        survivors = self.end()
        for pipe in self._pipes:
            os.close(pipe)
        self._pipes.clear()
        if not survivors:
            self._child.wait()
        self._containment.close()

    def _spawn(
        self, argv: Sequence[str], cwd: Path | str, env: dict[str, str], channel: str | None
    ) -> "subprocess.Popen[bytes]":
        out, err = os.pipe(), os.pipe()
        records = os.pipe() if channel else None
        given = [out, err, *([records] if records else [])]
        if channel and records:
            env[channel] = str(self._containment.channel_number(records[1]))
        try:
            child = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out[1],
                stderr=err[1],
                **self._containment.options(records[1] if records else None),
            )
        except (OSError, ValueError) as error:
            for pipe in given:
                os.close(pipe[0])
            self._containment.close()
            raise CannotStart(_reason(argv, cwd, error)) from error
        finally:
            for pipe in given:
                os.close(pipe[1])
        self._containment.adopt(child)
        for pipe, stream in zip(given, Stream, strict=False):
            self._pipes[pipe[0]] = self._splitter(stream)
        return child

    def _pump(self, on_line: Callable[[Line], None]) -> bool:
        """Read once what each pipe holds; whether there was anything."""
        busy = False
        for pipe, splitter in list(self._pipes.items()):
            chunk = read_ready(pipe)
            if chunk is None:
                continue
            if not chunk:
                os.close(pipe)
                del self._pipes[pipe]
            busy = True
            for line in splitter.feed(chunk) if chunk else splitter.end():
                on_line(line)
        return busy

    def _drain(self, on_line: Callable[[Line], None], within: float = _KILLING) -> None:
        """Read what is there, so that a child is not stuck in a full pipe while it ends; bounded against a flood."""
        until = self._clock.monotonic() + within
        for _ in range(_ROUNDS):
            if not self._pump(on_line) or self._clock.monotonic() >= until:
                return

    def _last_lines(self, on_line: Callable[[Line], None]) -> None:
        for splitter in self._pipes.values():
            for line in splitter.end():
                on_line(line)

    def _gone_within(self, limit: float, again: Callable[[], None]) -> bool:
        """Wait until no member lives, repeating ``again``: a dying tree may still be growing, or writing."""
        wakeup = self._clock.wakeup()
        until = self._clock.monotonic() + limit
        pause = _SOON
        while True:
            again()
            if not self._containment.members():
                return True
            if self._clock.monotonic() >= until:
                return False
            wakeup.wait(pause)
            pause = min(_LATE, pause * 2)


def end_strays(mark: str, clock: Clock, leader: str = "") -> int:
    """Kill what an earlier run of ours, itself killed, left behind under ``mark``; how many processes that were.

    ``leader`` is what ``Tree.leader`` was: without it nothing is found where marks cannot be read (macOS).

    Waits for their end, some seconds at most: one that is dying may still write where it lived.
    """
    found: set[int] = set()
    wakeup, until, pause = clock.wakeup(), clock.monotonic() + _KILLING, _SOON
    while True:
        found |= kill_marked(mark, leader)
        if not living(found) or clock.monotonic() >= until:
            return len(found)
        wakeup.wait(pause)
        pause = min(_LATE, pause * 2)


def _reason(argv: Sequence[str], cwd: Path | str, error: Exception) -> str:
    told = f"{shortened(argv[0], _LONGEST_NAME)} cannot be started"
    if not is_folder(cwd):
        return f"{told}: {shortened(str(cwd), _LONGEST_NAME)} is not a folder"
    return f"{told}: {getattr(error, 'strerror', None) or error}"
