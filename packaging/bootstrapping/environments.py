"""Virtual environments from the lock: made once, recognised at once when whole, remade when half-made."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from . import installation
from .console import SUPPORTED, BootstrapError, ask, clean_environment, say
from .place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAKING, WHOLE = "making", "whole"


class Environment(Place):
    """One virtual environment in the tree, and the stamp in it that says what it was made from.

    The stamp is written twice: as `making` before anything else, and as `whole` after everything else.
    So an installation that was stopped in the middle is never taken for a finished one.
    """

    @property
    def stamp_file(self) -> Path:
        return self.folder / "bootstrap.json"

    def stamp(self) -> dict[str, object]:
        """What was stamped; empty where there is no stamp, or one that cannot be read."""
        try:
            stamp = json.loads(self.stamp_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def write_stamp(self, **stamp: object) -> None:
        self.folder.mkdir(exist_ok=True)
        new = self.stamp_file.with_suffix(".new")
        new.write_text(json.dumps(stamp), encoding="utf-8")
        new.replace(self.stamp_file)

    def key(self) -> str:
        """Hash of everything the installation depends on besides the interpreter."""
        project = (self.root / "pyproject.toml").read_bytes()
        return hashlib.sha256(self.lock.encode() + project).hexdigest()

    def is_sound(self) -> bool:
        """Finished once, in the same place, and its interpreter still there: only the lock may differ."""
        stamp = self.stamp()
        return (
            stamp.get("state") == WHOLE
            and stamp.get("root") == str(self.root)  # scripts hold absolute paths, so a moved tree starts anew
            and stamp.get("base") == base_of(self.folder)
            and self.python.exists()
            and self.program("dreamscape").exists()
        )

    def is_current(self) -> bool:
        """Whole, and made from this very lock and project: a start has nothing to do."""
        return self.is_sound() and self.stamp().get("key") == self.key()

    def prepare(self) -> None:
        """Makes the environment, or brings it up to the lock; does nothing when it is current.

        Raises:
            BootstrapError: no fitting Python, no network, no space: with the mend.
        """
        if self.is_current():
            self.mention_other_python()
            return
        with only_one_at_a_time(self.folder.with_name(self.name + ".lock")):
            if self.is_current():  # another bootstrap made it meanwhile
                return
            if not self.is_sound() and not self.is_someone_elses():
                self.make()
            self.write_stamp(state=MAKING)
            installation.install(self)
            self.write_stamp(state=WHOLE, root=str(self.root), base=base_of(self.folder), key=self.key())

    def mention_other_python(self) -> None:
        """A start by another Python does not remake an environment that may be in use, but says so."""
        held = str(self.stamp().get("base", "")).split(" ")[0]
        running = "{}.{}".format(*sys.version_info[:2])
        if not held.startswith(running + ".") and sys.version_info[:2] in SUPPORTED:
            say(f"bootstrap: {self.name} holds Python {held}; delete it to have {running}")

    def is_someone_elses(self) -> bool:
        """A working environment made by an editor or by hand: it is completed, not thrown away."""
        from . import interpreters

        if self.stamp_file.exists() or not base_of(self.folder):
            return False
        return not interpreters.examine([str(self.python)]).fault

    def make(self) -> None:
        """An empty environment of the best interpreter, in place of whatever stood there."""
        from . import interpreters

        interpreter = interpreters.find(os.environ)
        if self.folder.exists() or self.folder.is_symlink():
            say(f"bootstrap: {self.name} is incomplete or belongs elsewhere; making it anew")
            self.remove()
        say(f"bootstrap: making {self.name} with Python {interpreter.version} ({interpreter.executable})")
        self.write_stamp(state=MAKING)
        command = [interpreter.executable, "-I", "-m", "venv", str(self.folder)]
        code, output = ask(command, 300, clean_environment(os.environ))
        if code != 0:
            last = (output.strip().splitlines() or ["no word"])[-1]
            raise BootstrapError(f"{self.name} could not be made: {last}", installation.mend_for(output))

    def remove(self) -> None:
        try:
            if self.folder.is_symlink() or self.folder.is_file():
                self.folder.unlink()
            else:
                shutil.rmtree(self.folder)
        except OSError as error:
            raise BootstrapError(
                f"{self.name} cannot be replaced: {error}",
                "end the programs that run from it, then try again",
            ) from error


def base_of(folder: Path) -> str:
    """Version and place of the interpreter under an environment; empty when that interpreter is gone."""
    try:
        lines = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    said = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    home = said.get("home", "")
    return f"{said.get('version', '')} {home}" if home and Path(home).is_dir() else ""


@contextlib.contextmanager
def only_one_at_a_time(path: Path) -> Iterator[None]:
    """Holds a lock file of the system; a second bootstrap waits here until the first has finished."""
    with path.open("a+", encoding="utf-8") as file:
        try:
            claim(file.fileno(), wait=False)
        except OSError:
            say("bootstrap: another bootstrap is at work in this folder; waiting for it")
            claim(file.fileno(), wait=True)
        yield  # closing the file releases the lock


if sys.platform == "win32":
    import msvcrt

    def claim(descriptor: int, wait: bool) -> None:
        """Locks the first byte of the file; waiting ends after ten seconds, so it is asked again."""
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    raise
            else:
                return

else:
    import fcntl

    def claim(descriptor: int, wait: bool) -> None:
        """Locks the whole file."""
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
