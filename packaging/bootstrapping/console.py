"""What bootstrap says, and how it runs other programs."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What a program says reaches the person at once, and in letters that every system's console file can hold.
SPOKEN = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
SUPPORTED = ((3, 13), (3, 12), (3, 11))  # versions of Python, in order of preference


class BootstrapError(Exception):
    """Something is missing that bootstrap cannot bring by itself: what it is, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


def say(text: str) -> None:
    """One line for the person, on standard error: standard output belongs to the program that is started."""
    print(text, file=sys.stderr, flush=True)


def ask(command: Sequence[str], seconds: float = 60, environ: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code and output of a short command; a command that cannot be run at all answers with code 127."""
    import subprocess  # only first starts need it, and it costs a tenth of a quick start

    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=None if environ is None else dict(environ),
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return answer.returncode, answer.stdout.decode(errors="replace")


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would lead a Python to packages outside its own environment."""
    return {name: value for name, value in environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def test_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which tests and benchmarks run: nobody's settings, and no window is shown."""
    kept = {
        name: value for name, value in clean_environment(environ).items() if not name.startswith(("DREAMSCAPE_", "QT_"))
    }
    return {**kept, "QT_QPA_PLATFORM": "offscreen", **SPOKEN}


def bench_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The same, with what a benchmark is told of its other side."""
    told = {name: value for name, value in environ.items() if name.startswith("DREAMSCAPE_BENCH_")}
    return test_environment(environ) | told


def is_root() -> bool:
    """Whether packages of the system may be installed without asking."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
