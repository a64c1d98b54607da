"""Containment by session, process group and a mark in the environment (Linux, macOS, BSD).

A group alone loses what a grandchild starts in a session of its own, so members are also found by descent and,
where ``/proc`` shows environments, by the mark that every descendant inherits. Where it does not (macOS), a later run
of ours finds a tree by its leader and the time at which that began, as long as the leader lives.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

assert sys.platform != "win32"  # type checkers there stop reading here

_PROC = Path("/proc")
_READ = 65536


class _Row(NamedTuple):
    pid: int
    parent: int
    group: int
    live: bool


class Containment:
    """One child and all that descends from it."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._leader = 0
        self._child: subprocess.Popen[bytes] | None = None

    def options(self, channel: int | None) -> dict[str, Any]:
        """Arguments of ``Popen`` that make the child a leader and give it the descriptor ``channel``."""
        return {"start_new_session": True, "pass_fds": () if channel is None else (channel,)}

    def channel_number(self, channel: int) -> int:
        """The number by which the child knows the descriptor."""
        return channel

    def adopt(self, child: "subprocess.Popen[bytes]") -> None:
        self._child, self._leader = child, child.pid

    def exited(self) -> bool:
        """Whether the leader has ended. It is not reaped yet: while it is a zombie its number stays its own."""
        child = self._child
        if child is None or child.returncode is not None:
            return True
        if not hasattr(os, "waitid"):
            return child.poll() is not None
        try:
            return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def members(self) -> set[int]:
        """Live processes of the tree, without our own."""
        # Once the leader is reaped its number may become another's; as a group's it is not while one of it lives.
        return _members(self._leader, self._mark) - (set() if self._holds_leader else {self._leader})

    def terminate(self) -> None:
        """Ask all members to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End all members."""
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        """Nothing is held beyond the child itself."""

    @property
    def _holds_leader(self) -> bool:
        """Whether the leader has not been reaped, so that its number is its own."""
        return self._child is not None and self._child.returncode is None

    def _signal(self, number: signal.Signals) -> None:
        reached: set[int] = set()
        if self._holds_leader:
            with suppress(ProcessLookupError, PermissionError):  # macOS refuses a group of zombies
                os.killpg(self._leader, number)
            reached = _group(self._leader)
        for pid in self.members() - reached:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)


def leader_known(pid: int) -> str:
    """What a later run of ours knows the process by: its number and when it began. Empty where a mark is enough."""
    if _has_proc():
        return ""
    asked = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)],
        env={"LC_ALL": "C", "TZ": "UTC"},  # the same words wherever the user has travelled meanwhile
        capture_output=True,
        text=True,
        check=False,  # 1 says that there is none
        timeout=10,
    )
    began = " ".join(asked.stdout.split())
    return f"{pid} {began}" if began else ""


def kill_marked(mark: str, leader: str = "") -> set[int]:
    """Kill whatever carries ``mark`` or descends from ``leader`` (see ``leader_known``); the numbers of those."""
    number = int(leader.partition(" ")[0]) if leader else 0
    found = _members(number if number and leader_known(number) == leader else 0, mark)
    for pid in found:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return found


def living(pids: set[int]) -> set[int]:
    """Those that have not ended; one that is killed may still hold its folder for a while."""
    return {row.pid for row in _table() if row.pid in pids and row.live}


def read_ready(descriptor: int) -> bytes | None:
    """What can be read at once: bytes, empty at the end, None when there is nothing yet."""
    os.set_blocking(descriptor, False)
    try:
        return os.read(descriptor, _READ)
    except BlockingIOError:
        return None


def _members(leader: int, mark: str) -> set[int]:
    rows = list(_table())
    ours = os.getpid()
    found = {row.pid for row in rows if (leader and leader in (row.pid, row.group)) or _carries(row.pid, mark)}
    found.discard(ours)
    grew = True
    while grew:
        children = {row.pid for row in rows if row.parent in found} - found
        found |= children
        grew = bool(children)
    return {row.pid for row in rows if row.pid in found and row.live}


def _group(leader: int) -> set[int]:
    return {row.pid for row in _table() if row.group == leader}


def _carries(pid: int, mark: str) -> bool:
    try:
        return mark.encode() in (_PROC / str(pid) / "environ").read_bytes()
    except OSError:  # another user's, or gone meanwhile
        return False


def _table() -> Iterator[_Row]:
    return _from_proc() if _has_proc() else _from_ps()


def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()


def _from_proc() -> Iterator[_Row]:
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text(errors="replace")
        except OSError:
            continue
        state, parent, group = stat.rpartition(")")[2].split()[:3]
        yield _Row(int(entry.name), int(parent), int(group), state not in "ZX")


def _from_ps() -> Iterator[_Row]:
    asked = subprocess.run(
        ["/bin/ps", "-axo", "pid=,ppid=,pgid=,stat="], capture_output=True, text=True, check=True, timeout=10
    )
    for line in asked.stdout.splitlines():
        pid, parent, group, state = line.split()[:4]
        yield _Row(int(pid), int(parent), int(group), not state.startswith("Z"))
