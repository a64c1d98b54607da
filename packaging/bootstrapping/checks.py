"""The steps of `bootstrap.py test` and `lint`: each runs, whatever became of the one before."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext

from .console import bench_environment, say, test_environment
from .memory_folder import temporary_files_in_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .environments import Environment

# Drills take minutes, benchmarks assert nothing, the others need a server: each runs when asked for by -m.
SELECTION = ("-m", "not drill and not bluesky and not llm and not bench")
# A worker more than cores, a file to each: half of the time is waiting for real children, and a file shares what it
# set up.
PARALLEL = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile")
# Those that the program is for, as Python names them.
SYSTEMS = ("linux", "win32", "darwin")
# What holds without Qt is tested where there is none, once: tests/services has an environment of its own.
SERVICES = "tests/services"
COVERAGE = ("--cov=app", "--cov=widgets", "--cov=services")
REPORT = ("--cov-append", "--cov-report=term:skip-covered")
# Python 3.11 can only trace, which doubles the time of the whole suite; from 3.12 on it is told what runs, nearly free.
MEASURES = hasattr(sys, "monitoring")
BY_MONITORING = {"COVERAGE_CORE": "sysmon"}
NO_QT = """
import importlib.util, sys
found = [name for name in ("PyQt6", "pyqtgraph", "qasync") if importlib.util.find_spec(name)]
if found:
    sys.exit("Qt is installed here: " + ", ".join(found))
print("import PyQt6 fails here, as it should")
"""


class Step:
    """One check: its headline, and the command that ends with 0 when all is well.

    ``in_memory``: its temporary files are many, and nobody looks at them afterwards. ``told``: variables of its own.
    """

    def __init__(
        self, headline: str, *command: str | Path, in_memory: bool = False, told: Mapping[str, str] | None = None
    ) -> None:
        self.headline = headline
        self.in_memory = in_memory
        self.told = told or {}
        self.command = [str(part) for part in command]


def lint_steps(environment: Environment) -> list[Step]:
    python = environment.python
    return [
        Step("lint (ruff check)", python, "-m", "ruff", "check", "."),
        Step("format (ruff format --check)", python, "-m", "ruff", "format", "--check", "."),
        Step("types (mypy)", python, "-m", "mypy"),
        *(elsewhere_step(python, system) for system in SYSTEMS if system != sys.platform),
        Step("import contract (lint-imports)", environment.program("lint-imports")),
    ]


def elsewhere_step(python: Path, system: str) -> Step:
    """The types as they are on another system, with a cache of its own: they would push each other out of one."""
    cache = f".mypy_cache/{system}"
    return Step(f"types on {system} (mypy)", python, "-m", "mypy", "--platform", system, "--cache-dir", cache)


def test_step(environment: Environment, arguments: Sequence[str]) -> Step:
    """Pytest alone with the caller's arguments; a later -m in them replaces the usual selection."""
    return Step("tests (pytest)", environment.python, "-m", "pytest", *SELECTION, *arguments)


def suite_steps(environment: Environment, qt_free: Environment, measures: bool = MEASURES) -> list[Step]:
    """All ordinary tests, each once: those of the services where there is no Qt, the others where there is.

    Coverage of both is told at the end, where this interpreter measures it cheaply (``measures``).
    """
    with_coverage = " with coverage" if measures else ""
    told = BY_MONITORING if measures else None
    first, last = ((*COVERAGE, "--cov-report="), (*COVERAGE, *REPORT)) if measures else ((), ())
    command = ("-m", "pytest", *SELECTION, *PARALLEL)
    return [
        Step(
            f"tests{with_coverage} (pytest)",
            environment.python,
            *command,
            f"--ignore={SERVICES}",
            *first,
            in_memory=True,
            told=told,
        ),
        Step("no Qt in " + qt_free.name, qt_free.python, "-c", NO_QT),
        Step(
            f"tests/services without Qt{with_coverage} (pytest)",
            qt_free.python,
            *command,
            SERVICES,
            *last,
            in_memory=True,
            told=told,
        ),
    ]


def freeze_step(environment: Environment, root: Path, arguments: Sequence[str]) -> Step:
    """PyInstaller by our own description; the caller's arguments go to it."""
    spec = root / "packaging" / "dreamscape.spec"
    return Step("freeze (PyInstaller)", environment.python, "-m", "PyInstaller", "--noconfirm", spec, *arguments)


class Outcome:
    """How one step ended: its seconds, its exit code and the last line it printed."""

    def __init__(self, step: Step, code: int, seconds: float, last: str) -> None:
        self.headline = step.headline
        self.code = code
        self.seconds = seconds
        self.last = last

    def __str__(self) -> str:
        word = "ok    " if self.code == 0 else "FAILED"
        return f"{word} {self.seconds:6.1f} s  {self.headline:<36} {self.last.strip('= ')[:110]}"


def run_all(steps: Sequence[Step], root: Path, clock: Callable[[], float] = time.monotonic) -> int:
    """Runs every step, then says how each ended. Returns 0 when all are well, else 1."""
    outcomes = []
    began = clock()
    for step in steps:
        print(f"\n---- {step.headline}", flush=True)
        start = clock()
        with environment_of(step) as environ:
            code, last = run(step, root, environ)
        outcomes.append(Outcome(step, code, clock() - start, last))
        print(
            f"---- {step.headline}: {'ok' if code == 0 else f'exit code {code}'}, {clock() - start:.1f} s",
            flush=True,
        )
    print(f"\n---- Summary ({clock() - began:.0f} s in all)")
    print("\n".join(str(outcome) for outcome in outcomes), flush=True)
    return int(any(outcome.code != 0 for outcome in outcomes))


@contextmanager
def environment_of(step: Step) -> Iterator[dict[str, str]]:
    """What the step finds around it, as long as it runs."""
    environ = test_environment(os.environ) | step.told
    with temporary_files_in_memory(environ) if step.in_memory else nullcontext(environ) as found:
        yield found


def run(step: Step, root: Path, environ: Mapping[str, str]) -> tuple[int, str]:
    """Runs one step, passing on what it prints; returns its exit code and its last line."""
    try:
        process = subprocess.Popen(
            step.command,
            cwd=root,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return 127, f"cannot be started: {error}"
    with process:  # however this ends, the step's own end is awaited
        try:
            last = pass_on(process)
        except BaseException:  # Ctrl-C and SIGTERM: the step must not outlive us
            process.terminate()
            raise
        return process.wait(), last


def pass_on(process: subprocess.Popen[bytes]) -> str:
    """Copies the output byte by byte, so that no console's encoding can stop it; returns the last line."""
    last = ""
    assert process.stdout is not None
    for raw in process.stdout:
        sys.stdout.buffer.write(raw)
        sys.stdout.flush()
        last = raw.decode(errors="replace").strip() or last
    return last


def bench(environment: Environment, root: Path, wanted: Sequence[str]) -> int:
    """Runs `tests/benchmarks/bench_*.py` one after another; standard output holds their JSON alone."""
    scripts = sorted((root / "tests" / "benchmarks").glob("bench_*.py"))
    chosen = [script for script in scripts if not wanted or any(part in script.name for part in wanted)]
    if not chosen:
        known = ", ".join(script.name for script in scripts) or "none"
        say(f"bootstrap: no benchmark in tests/benchmarks is called like that; there are: {known}")
        return 2
    worst = 0
    for script in chosen:
        say(f"---- {script.name}")
        command = [str(environment.python), str(script)]
        code = subprocess.call(command, cwd=root, env=bench_environment(os.environ), stdin=subprocess.DEVNULL)
        if code != 0:
            say(f"---- {script.name}: exit code {code}")
        worst = max(worst, abs(code))
    return int(worst != 0)
