"""Where everything of one instance lives: the home folder."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.core.errors import UserError

PRIVATE = 0o700
_PROBE_BYTES = 4096
_FOLDERS = ("samples", "backups", "logs", "strategies", "plugins", "processes")
_PICK_ANOTHER = "choose another folder with --home DIR or DREAMSCAPE_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """One folder with settings, store, logs and the user's own files; two homes never meet."""

    root: Path
    chosen_by: str = "default"

    @classmethod
    def choose(cls, flag: str | os.PathLike[str] | None, env: Mapping[str, str]) -> Home:
        """Choose by `--home`, else DREAMSCAPE_HOME, else the platform's own place; touches nothing."""
        if flag:
            return cls(_absolute(Path(flag)), "--home")
        if named := env.get("DREAMSCAPE_HOME", ""):
            return cls(_absolute(Path(named)), "env DREAMSCAPE_HOME")
        from platformdirs import user_data_path

        return cls(_absolute(user_data_path("dreamscape", appauthor=False)))

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    @property
    def settings_last_good(self) -> Path:
        """The settings file's values as they last were without a mistake."""
        return self.root / "settings.last-good.json"

    @property
    def window(self) -> Path:
        """How the window was left: its size, its panes and its page."""
        return self.root / "window.json"

    @property
    def store(self) -> Path:
        return self.root / "dreamscape.db"

    @property
    def samples(self) -> Path:
        return self.root / "samples"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def log(self) -> Path:
        return self.logs / "dreamscape.log"

    @property
    def strategies(self) -> Path:
        return self.root / "strategies"

    @property
    def taken(self) -> Path:
        """The last good version of each of the user's files: what runs, runs by these."""
        return self.root / "taken"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def paper(self) -> Path:
        return self.root / "paper.db"

    @property
    def trials(self) -> Path:
        """Every combination of parameters that was ever tried, by market and family."""
        return self.root / "trials.db"

    @property
    def terms(self) -> Path:
        """What plug-ins said of candles, kept by both."""
        return self.root / "cache" / "terms"

    @property
    def kept_plugins(self) -> Path:
        """Each version of a plug-in by which a bot traded at the exchange, under its SHA-256."""
        return self.accounts / "plugins"

    @property
    def accounts(self) -> Path:
        """The ledger and the lease of each exchange account, and by which mark its orders are known for ours."""
        return self.root / "accounts"

    @property
    def sandbox(self) -> Path:
        return self.root / "sandbox-network.db"

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"

    @property
    def live_bars(self) -> Path:
        """What sessions on live bars have read, for their charts."""
        return self.root / "cache" / "bars"

    @property
    def plugins(self) -> Path:
        return self.root / "plugins"

    @property
    def processes(self) -> Path:
        """One YAML file for each process that the user added."""
        return self.root / "processes"

    @property
    def compiled(self) -> Path:
        """What sweeps have compiled; made anew where it lacks."""
        return self.root / "compiled"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    def check(self) -> Home:
        """Raise UserError where the home cannot be one, such as a file; touches nothing."""
        try:
            if not stat.S_ISDIR(self.root.stat().st_mode):
                raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(self.root))
        except FileNotFoundError:
            return self
        except OSError as error:
            raise unusable(self.root, error) from error
        return self

    def create(self) -> Home:
        """Make the folders, readable by their owner alone, and prove that they can be written.

        A folder that exists keeps its mode. Raises UserError if the home is no folder, or read-only, or full.
        """
        try:
            self.root.mkdir(PRIVATE, parents=True, exist_ok=True)
            for name in _FOLDERS:
                (self.root / name).mkdir(PRIVATE, exist_ok=True)
            _probe(self.root)
        except OSError as error:
            raise unusable(self.root, error) from error
        return self


def unusable(root: Path, error: OSError) -> UserError:
    """Say why a home cannot be used, and what to do about it."""
    where = f"home {root}"
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        blocking = next((path for path in (root, *root.parents) if path.exists() and not path.is_dir()), None)
        blocking = blocking or Path(error.filename or root)
        return UserError(f"{blocking} is not a folder", where, f"move it away, or {_PICK_ANOTHER}")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UserError("it cannot be written", where, f"make it writable for you, or {_PICK_ANOTHER}")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError("its disk is full", where, f"free some space, or {_PICK_ANOTHER}")
    return UserError(f"it cannot be used ({error.strerror or error})", where, _PICK_ANOTHER)


def _probe(root: Path) -> None:
    """Write and sync a block: only this tells a full or read-only disk from a good one."""
    with tempfile.TemporaryFile(dir=root, prefix=".probe-") as probe:
        probe.write(bytes(_PROBE_BYTES))
        probe.flush()
        os.fsync(probe.fileno())


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - resolve() would follow the user's links
