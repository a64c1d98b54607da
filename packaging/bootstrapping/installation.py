"""Installs the locked packages and the project into an environment, and compiles their byte code."""

from __future__ import annotations

import os
import subprocess
import sys

from .console import BootstrapError, ask, clean_environment, say
from .lockfile import entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .place import Place

OURS = ("app", "widgets", "services", "resources", "strategies")
PIP = ("-I", "-m", "pip", "--disable-pip-version-check", "--no-input")
QUIET = ("--root-user-action=ignore", "--progress-bar=off")

# What a failed installation printed, and what then helps. The first match counts.
AGAIN = "then run the same command again"
MENDS = (
    (
        ("DO NOT MATCH THE HASHES",),
        "a file differs from the one that was locked, so it was not installed; empty pip's cache "
        f"(python -m pip cache purge), {AGAIN}; if it stays so, report it",
    ),
    (("No space left", "not enough space"), f"free some space on the disk (1.5 GB are enough), {AGAIN}"),
    (
        ("Permission denied", "Read-only file system", "Access is denied"),
        f"make this folder writable for you, {AGAIN}",
    ),
    (
        (
            "ConnectionError",
            "name resolution",
            "Max retries",
            "timed out",
            "ProxyError",
            "SSLError",
            "unreachable",
        ),
        f"connect to the network (behind a proxy set HTTPS_PROXY), {AGAIN}",
    ),
    (
        ("No matching distribution", "Could not find a version"),
        "no built package fits this system: it must be 64-bit, on Linux with glibc 2.34 or newer "
        f"(Debian 12, Ubuntu 22.04); or the index answered with nothing: check the network, {AGAIN}",
    ),
)


def mend_for(output: str) -> str:
    """What helps against the failure that pip or venv told of."""
    for signs, mend in MENDS:
        if any(sign in output for sign in signs):
            return mend
    return "run the same command again; what was begun is made anew"


def install(environment: Place) -> None:
    """Everything of the lock by hash, the project in place, and all byte code.

    Raises:
        BootstrapError: pip failed; nothing that was half-installed will be taken for whole.
    """
    requirements = environment.folder / "requirements.lock"
    requirements.write_text(environment.lock, encoding="utf-8")
    count = len(list(entries(environment.lock)))
    say(f"bootstrap: installing at most {count} packages into {environment.name}; this takes a minute or two")
    # Only built packages: building from source would fetch build tools that no hash vouches for.
    locked = [
        "install",
        *QUIET,
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "-r",
        str(requirements),
    ]
    pip(environment, locked)
    pip(
        environment,
        ["install", *QUIET, "--no-deps", "--no-build-isolation", "--editable", str(environment.root)],
    )
    compile_byte_code(environment)


def pip(environment: Place, arguments: list[str]) -> None:
    command = [str(environment.python), *PIP, *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=clean_environment(os.environ),
        cwd=environment.root,
    ) as process:
        try:
            lines = list(lines_with_progress(process))
        except BaseException:  # Ctrl-C and SIGTERM: pip must not go on in a folder that will be made anew
            process.terminate()
            raise
    show_progress("", 0)
    if process.returncode != 0:
        raise failure(environment, lines)


def lines_with_progress(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """The lines of pip's output, while a terminal shows how far it is."""
    assert process.stdout is not None
    collected = 0
    for raw in process.stdout:
        line = raw.decode(errors="replace").rstrip()
        collected += line.startswith("Collecting ")
        show_progress(line, collected)
        yield line


def show_progress(line: str, collected: int) -> None:
    """One line that rewrites itself, on a terminal only."""
    if not sys.stderr.isatty():
        return
    if line.startswith("Collecting "):
        sys.stderr.write(f"\r\033[K  {collected}: {line.split()[1][:60]}")
    elif line.startswith("Installing collected") or not line:
        sys.stderr.write("\r\033[K" + ("  unpacking and compiling" if line else ""))
    sys.stderr.flush()


def failure(environment: Place, lines: list[str]) -> BootstrapError:
    told = [line for line in lines if line.lstrip().lower().startswith("error")][-3:] or lines[-3:]
    what = "\n".join([f"the packages could not be installed into {environment.name}; pip said:", *told])
    return BootstrapError(what, mend_for("\n".join(lines)))


def compile_byte_code(environment: Place) -> None:
    """Pip compiles what it installs; these are our own folders. Without it a start takes twice the time."""
    folders = [str(environment.root / name) for name in OURS if (environment.root / name).is_dir()]
    code, output = ask([str(environment.python), "-I", "-m", "compileall", "-q", *folders], 300)
    if code != 0:
        say(f"bootstrap: not everything could be compiled (the program starts, but slower):\n{output.strip()}")
