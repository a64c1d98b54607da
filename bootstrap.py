"""Sets up Dreamscape in this folder, then runs it, tests it or measures it.

    python bootstrap.py run [ARGUMENTS]    opens the window; arguments go to `dreamscape` (run --help, run ps)
    python bootstrap.py test [ARGUMENTS]   lint, types, contract, all tests; with arguments: pytest alone
    python bootstrap.py bench [NAME ...]   the benchmarks, as JSON on standard output
    python bootstrap.py lint               lint, format, types and import contract only
    python bootstrap.py setup              makes .venv and stops
    python bootstrap.py freeze             a program that needs no Python, as the folder dist/dreamscape

All it needs is Python 3.11, 3.12 or 3.13 somewhere on this machine, and the network once: packages are
installed into .venv from packaging/requirements.lock, each by its hash. A later start finds .venv whole
and does nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "packaging"))

from bootstrapping import console, environments, lockfile  # noqa: E402  the folder is put on the path above
from bootstrapping.console import BootstrapError, say  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main(arguments: Sequence[str]) -> int:
    """Does what the first argument says; returns the exit code: 2 is wrong usage or a missing part."""
    commands = {"run": run, "test": test, "bench": bench, "lint": lint, "setup": setup, "freeze": freeze}
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if arguments else 2
    if arguments[0] not in commands:
        say(f"bootstrap: there is no command {arguments[0]!r}; choose from {', '.join(commands)}")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended too
    try:
        return commands[arguments[0]](list(arguments[1:]))
    except BootstrapError as error:
        say(f"bootstrap: {error}\n  To mend: {error.mend}")
        return 2
    except KeyboardInterrupt:
        return 130


def main_environment() -> environments.Environment:
    return environments.Environment(ROOT, ".venv", read_lock())


def freezing_environment() -> environments.Environment:
    """A third environment: the same lock, and what freezes the program beside it."""
    lock = read_lock()
    known = {name for name, _ in lockfile.entries(lock)}
    return environments.Environment(ROOT, ".venv-freeze", lock + lockfile.without(read_lock("freezing.lock"), known))


def qt_free_environment() -> environments.Environment:
    """A second environment for tests/services: the same lock without Qt and without the linters."""
    lock = lockfile.without(read_lock(), lockfile.QT | lockfile.LINTERS)
    return environments.Environment(ROOT, ".venv-noqt", lock)


def read_lock(name: str = "requirements.lock") -> str:
    path = ROOT / "packaging" / name
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BootstrapError(f"{path} cannot be read: {error.strerror}", "git checkout packaging") from error


def prepare_with_qt(environ: Mapping[str, str], needs_window: bool = True) -> environments.Environment:
    """The environment, with Qt proven to load; where no window is wanted, a Qt that fails is only told."""
    from bootstrapping import qtlibraries

    environment = main_environment()
    environment.prepare()
    try:
        qtlibraries.check(environment, qtlibraries.platforms(environ))
    except BootstrapError as error:
        if needs_window:
            raise
        say(f"bootstrap: {error}\n  The window will not open. To mend: {error.mend}")
    return environment


def setup(_arguments: Sequence[str]) -> int:
    prepare_with_qt(os.environ)
    return 0


def lint(_arguments: Sequence[str]) -> int:
    from bootstrapping import checks

    environment = main_environment()
    environment.prepare()
    return checks.run_all(checks.lint_steps(environment), ROOT)


def test(arguments: Sequence[str]) -> int:
    from bootstrapping import checks

    environment = prepare_with_qt(console.test_environment({}))
    if arguments:
        return checks.run_all([checks.test_step(environment, arguments)], ROOT)
    qt_free = qt_free_environment()
    qt_free.prepare()
    return checks.run_all([*checks.lint_steps(environment), *checks.suite_steps(environment, qt_free)], ROOT)


def freeze(arguments: Sequence[str]) -> int:
    from bootstrapping import checks

    environment = freezing_environment()
    environment.prepare()
    return checks.run_all([checks.freeze_step(environment, ROOT, arguments)], ROOT)


def bench(arguments: Sequence[str]) -> int:
    from bootstrapping import checks

    return checks.bench(prepare_with_qt(console.test_environment({})), ROOT, arguments)


def run(arguments: Sequence[str]) -> int:
    """Becomes `dreamscape`, so that signals reach it and its exit code is the answer."""
    command = dreamscape_command(arguments, os.environ, sys.platform)
    opens_window = command[0] == "run" and "--headless" not in command
    environment = prepare_with_qt(os.environ, needs_window=opens_window)
    return replace_by([str(environment.program("dreamscape")), *command])


def dreamscape_command(arguments: Sequence[str], environ: Mapping[str, str], system: str) -> list[str]:
    """What `dreamscape` is told: nothing means `run`, an option belongs to `run`, a word is its own."""
    command = list(arguments)
    if not command or (command[0].startswith("-") and command[0] not in ("-h", "--help", "--version")):
        command.insert(0, "run")
    asks_help = "-h" in command or "--help" in command
    if command[0] == "run" and "--headless" not in command and not asks_help and not has_display(environ, system):
        say("bootstrap: there is no display (DISPLAY and WAYLAND_DISPLAY are not set); going on headless")
        command.insert(1, "--headless")
    return command


def has_display(environ: Mapping[str, str], system: str) -> bool:
    """Whether a window can open. A chosen QT_QPA_PLATFORM is the user's word that one can."""
    if not system.startswith("linux"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def replace_by(command: list[str]) -> int:
    """Runs the program in place of this one; Windows cannot do that, so there it is awaited."""
    environ = console.clean_environment(os.environ)
    if os.name != "nt":
        os.execve(command[0], command, environ)
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the program itself, which ends in its own way
    return subprocess.call(command, env=environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
