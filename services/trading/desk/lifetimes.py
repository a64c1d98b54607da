"""When a process began: its id alone may have gone to another one since."""

import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _QUERY = 0x1000
    """PROCESS_QUERY_LIMITED_INFORMATION"""

    def began(pid: int) -> str:
        """When the process of that id began, as its system tells it; empty where there is none, or nobody can tell."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenProcess.restype = wintypes.HANDLE
        process = wintypes.HANDLE(kernel.OpenProcess(_QUERY, False, pid))
        if not process:
            return ""
        times = [wintypes.FILETIME() for _ in range(4)]
        told = kernel.GetProcessTimes(process, *(ctypes.byref(each) for each in times))
        kernel.CloseHandle(process)
        return f"{times[0].dwHighDateTime}.{times[0].dwLowDateTime}" if told else ""
elif sys.platform == "linux":
    _TICKS = 19
    """Where it stands behind the program's name, in ticks since the machine was started."""

    def began(pid: int) -> str:
        """When the process of that id began, as its system tells it; empty where there is none, or nobody can tell."""
        try:
            told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return ""
        return f"{boot}.{told.rpartition(')')[2].split()[_TICKS]}"
else:
    import subprocess

    def began(pid: int) -> str:
        """When the process of that id began, as its system tells it; empty where there is none, or nobody can tell."""
        try:
            told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        except OSError:
            return ""
        return told.stdout.strip()
