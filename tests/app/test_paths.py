import errno
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import Home, unusable
from app.program import Program
from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.samples import Rollup
from services.core.store.backup import backup_to, restore_from
from services.engagement.sandbox.schema import prepare
from services.trading.paper.broker import PaperBroker


def test_the_flag_wins_over_the_variable_and_the_variable_over_the_platform(tmp_path: Path) -> None:
    env = {"DREAMSCAPE_HOME": str(tmp_path / "variable")}
    assert Home.choose(str(tmp_path / "flag"), env) == Home(tmp_path / "flag", "--home")
    assert Home.choose(None, env) == Home(tmp_path / "variable", "env DREAMSCAPE_HOME")
    assert Home.choose(None, {}).chosen_by == "default"
    assert Home.choose(None, {}).root.name == "dreamscape"


def test_a_relative_home_does_not_move_when_the_program_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Home.choose("here", {}).root == tmp_path / "here"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_a_new_home_is_closed_to_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "new").create()
    for folder in (home.root, home.samples, home.backups, home.logs, home.strategies, home.plugins):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_creating_a_home_again_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    home.settings.write_text("# mine\n")
    home.create()
    assert home.settings.read_text() == "# mine\n"
    assert sorted(path.name for path in home.root.iterdir()) == [
        "backups",
        "logs",
        "plugins",
        "processes",
        "samples",
        "settings.toml",
        "strategies",
    ]


@pytest.mark.parametrize("below", ["", "deeper/home"])
def test_a_file_where_the_home_should_be_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError) as caught:
        Home(tmp_path / "file" / below).create()
    assert f"{tmp_path / 'file'} is not a folder" in str(caught.value)
    assert "--home DIR" in caught.value.mend


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may reach: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX users")
def test_a_home_that_cannot_be_written_says_so(open_folder: Path) -> None:
    (open_folder / "home").mkdir(0o755)
    (open_folder / "home").chmod(0o555)
    as_root = os.geteuid() == 0
    if as_root:
        os.seteuid(65534)
    try:
        with pytest.raises(UserError, match="it cannot be written"):
            Home(open_folder / "home").create()
    finally:
        if as_root:
            os.seteuid(0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KB, where this machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    command = [mount, "-t", "tmpfs", "-o", "size=64k,nr_inodes=64", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_home_says_so(small_disk: Path) -> None:
    Home(small_disk / "home").create()
    (small_disk / "ballast").write_bytes(bytes(64 * 1024))
    with pytest.raises(UserError, match="its disk is full"):
        Home(small_disk / "home").create()


@pytest.mark.parametrize(
    "number, told",
    [
        (errno.EROFS, "it cannot be written"),
        (errno.EACCES, "it cannot be written"),
        (errno.ENOSPC, "its disk is full"),
        (errno.EDQUOT, "its disk is full"),
        (errno.ENOTDIR, "is not a folder"),
        (errno.EIO, "it cannot be used"),
    ],
)
def test_each_refusal_of_the_system_has_its_words_and_a_mend(number: int, told: str, tmp_path: Path) -> None:
    error = unusable(tmp_path, OSError(number, os.strerror(number), str(tmp_path)))
    assert told in error.what
    assert "DREAMSCAPE_HOME" in error.mend


@pytest.fixture
def open_home(tmp_path: Path) -> Iterator[Home]:
    """A home of the user's making that others may look into, in a session that gives them what it makes."""
    before = os.umask(0o022)
    root = tmp_path / "home"
    root.mkdir(0o755)
    for name in ("samples", "backups", "logs"):
        (root / name).mkdir(0o755)
    yield Home(root, "a test").create()
    os.umask(before)


def readable_by_others(home: Home) -> list[str]:
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert files
    return sorted(path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_what_is_made_in_a_home_that_others_may_look_into_is_for_its_owner_alone(open_home: Home) -> None:
    program = Program(open_home, {})
    program.run_steps()
    program.engine.files.write([Rollup("test.steps", 0, 1, 1.0, 1.0, 1.0, 1.0)], 0)
    PaperBroker(open_home.paper).balance("nobody's")
    prepare(open_home.sandbox)
    backup_to(program.engine.store, open_home.backups / "a.db")
    made = {path.name for path in open_home.root.rglob("*") if path.is_file()}
    assert made >= {"dreamscape.db", "dreamscape.db-wal", "dreamscape.log", "paper.db", "sandbox-network.db", "a.db"}
    assert readable_by_others(open_home) == []
    program.close()
    restore_from(open_home.backups / "a.db", open_home.store, open_home.backups / "before.db", SystemClock().now())
    assert readable_by_others(open_home) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_a_file_whose_mode_the_user_chose_keeps_it(open_home: Home) -> None:
    theirs = [open_home.store, open_home.log, open_home.paper, open_home.settings]
    for path in theirs:
        path.touch()
        path.chmod(0o640)
    program = Program(open_home, {})
    program.run_steps()
    PaperBroker(open_home.paper).balance("nobody's")
    program.close()
    assert {stat.S_IMODE(path.stat().st_mode) for path in theirs} == {0o640}
