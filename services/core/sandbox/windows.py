"""Containment by a job object (Windows): whatever the child starts belongs to the job and ends with it."""

import _winapi
import ctypes
import logging
import msvcrt
import os
import signal
import subprocess
import sys
import threading
from ctypes import wintypes
from typing import Any, cast

assert sys.platform == "win32"  # type checkers on other systems stop reading here

log = logging.getLogger(__name__)
_KILL_ON_CLOSE = 0x2000
_LIMITS = 9  # JobObjectExtendedLimitInformation
_PROCESSES = 3  # JobObjectBasicProcessIdList
_SUSPENDED = 0x4
_MOST = 4096
_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.CreateJobObjectW.restype = wintypes.HANDLE
_ntdll = ctypes.WinDLL("ntdll")
_HAS_CONSOLE = bool(_kernel.GetConsoleCP())
_attaching = threading.Lock()
"""A process has one console at a time."""


class _BasicLimits(ctypes.Structure):
    _fields_ = [
        ("per_process_time", ctypes.c_int64),
        ("per_job_time", ctypes.c_int64),
        ("flags", wintypes.DWORD),
        ("smallest_set", ctypes.c_size_t),
        ("largest_set", ctypes.c_size_t),
        ("most_processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority", wintypes.DWORD),
        ("scheduling", wintypes.DWORD),
    ]


class _ExtendedLimits(ctypes.Structure):
    _fields_ = [
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    ]


class _ProcessList(ctypes.Structure):
    _fields_ = [
        ("assigned", wintypes.DWORD),
        ("listed", wintypes.DWORD),
        ("pids", ctypes.c_size_t * _MOST),
    ]


class Containment:
    """One child and all that descends from it.

    A console event reaches only those who share the sender's console. So where we have a console the child shares it,
    in a group of its own; where we have none (``pythonw``, login) it gets one without a window, to which we attach
    ourselves while we ask.
    """

    def __init__(self, mark: str) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._job: wintypes.HANDLE | None = wintypes.HANDLE(_kernel.CreateJobObjectW(None, None))
        self._closing = threading.Lock()
        limits = _ExtendedLimits()
        limits.basic.flags = _KILL_ON_CLOSE
        _must(_kernel.SetInformationJobObject(self._job, _LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)))

    def options(self, channel: int | None) -> dict[str, Any]:
        """Arguments of ``Popen`` that start the child suspended and give it the descriptor ``channel``."""
        start = subprocess.STARTUPINFO()
        if channel is not None:
            handle = msvcrt.get_osfhandle(channel)
            os.set_handle_inheritable(handle, True)
            start.lpAttributeList = {"handle_list": [handle]}
        console = 0 if _HAS_CONSOLE else subprocess.CREATE_NO_WINDOW
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | console | _SUSPENDED
        return {"creationflags": flags, "startupinfo": start}

    def channel_number(self, channel: int) -> int:
        """The handle by which the child knows the descriptor."""
        return msvcrt.get_osfhandle(channel)

    def adopt(self, child: "subprocess.Popen[bytes]") -> None:
        self._child = child
        handle = wintypes.HANDLE(int(child._handle))  # type: ignore[attr-defined]
        _must(_kernel.AssignProcessToJobObject(self._job, handle))
        _ntdll.NtResumeProcess(handle)

    def exited(self) -> bool:
        """Whether the leader has ended."""
        return self._child is None or self._child.poll() is not None

    def members(self) -> set[int]:
        """Live processes of the job."""
        found = _ProcessList()
        size = ctypes.sizeof(found)
        with self._closing:
            if not self._job or not _kernel.QueryInformationJobObject(
                self._job, _PROCESSES, ctypes.byref(found), size, None
            ):
                return set()
        return set(found.pids[: found.listed])

    def terminate(self) -> None:
        """Ask the child, and what it started in its own process group, to end: by CTRL_BREAK.

        Without a handler of its own a console program then ends. What has no console (a program with windows), another
        console or another group is not reached; it is killed once the grace is over.
        """
        child = self._child
        if child is None or child.poll() is not None:
            return
        if _HAS_CONSOLE:
            _break(child.pid)
            return
        with _attaching:
            if not _kernel.AttachConsole(wintypes.DWORD(child.pid)):
                log.debug("process %d has no console in which it can be asked to end", child.pid)
                return
            try:
                _break(child.pid)
            finally:
                _kernel.FreeConsole()

    def kill(self) -> None:
        """End all members."""
        with self._closing:
            if self._job:
                _kernel.TerminateJobObject(self._job, 1)

    def close(self) -> None:
        """Give the job back; what is left in it ends. From any thread; afterwards there are no members."""
        with self._closing:
            job, self._job = self._job, None
            if job:
                _kernel.CloseHandle(job)


def _break(group: int) -> None:
    if not _kernel.GenerateConsoleCtrlEvent(wintypes.DWORD(signal.CTRL_BREAK_EVENT), wintypes.DWORD(group)):
        log.debug("process group %d cannot be asked to end: %s", group, ctypes.WinError(ctypes.get_last_error()))


def leader_known(pid: int) -> str:
    """Nobody needs to be known later."""
    return ""


def kill_marked(mark: str, leader: str = "") -> set[int]:
    """Nothing outlives its job here, so there are no strays."""
    return set()


def living(pids: set[int]) -> set[int]:
    """None is asked about: there are no strays."""
    return set()


def read_ready(descriptor: int) -> bytes | None:
    """What can be read at once: bytes, empty at the end, None when there is nothing yet."""
    try:
        waiting = cast(int, _winapi.PeekNamedPipe(msvcrt.get_osfhandle(descriptor), 0)[0])
    except BrokenPipeError:
        return b""
    return os.read(descriptor, waiting) if waiting else None


def _must(succeeded: int) -> None:
    if not succeeded:
        raise ctypes.WinError(ctypes.get_last_error())
