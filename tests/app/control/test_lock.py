import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QSysInfo

from app.control.lock import HomeLock, HomeTaken
from app.paths import Home
from services.core.errors import UserError
from tests.support.read_only import closed, reachable

HOLD = """
import sys
from pathlib import Path
from app.control.lock import HomeLock
from app.paths import Home
lock = HomeLock(Home(Path(sys.argv[1]))).take()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def holder(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the home."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_home_has_one_holder_at_a_time(home: Home) -> None:
    first, second = HomeLock(home), HomeLock(home)
    with first:
        assert first.held
        with pytest.raises(HomeTaken):
            second.take()
        assert not second.held
    with second:
        assert second.held


def test_the_error_says_which_process_holds_the_home_and_how_to_mend_it(
    home: Home, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(HomeTaken) as caught:
        HomeLock(home).take()
    assert caught.value.pid == holder.pid
    assert f"process {holder.pid}" in str(caught.value)
    assert str(home.root) in str(caught.value)
    assert "dreamscape quit" in str(caught.value)


def test_asking_who_holds_a_home_does_not_take_it(home: Home, holder: subprocess.Popen[str]) -> None:
    asking = HomeLock(home)
    taken = asking.taken_by_another()
    assert taken is not None
    assert taken.pid == holder.pid
    assert not asking.held


def test_a_lock_left_by_a_killed_process_is_taken_over(home: Home, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert home.lock.exists()
    assert HomeLock(home).taken_by_another() is None
    with HomeLock(home) as lock:
        assert lock.held


def test_a_lock_is_waited_for_with_patience(home: Home, holder: subprocess.Popen[str]) -> None:
    assert holder.stdin
    holder.stdin.close()
    with HomeLock(home).take(patience=20) as lock:
        assert lock.held


def test_the_end_of_a_holder_is_awaited_also_where_nothing_can_be_written() -> None:
    with reachable() as folder:
        place = Home(folder)
        with HomeLock(place):
            assert not HomeLock(place).is_free(0.1)
        with closed(folder):
            assert HomeLock(place).is_free(0)


def test_nobody_holds_a_home_that_is_not_there_and_asking_makes_none(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    assert HomeLock(home).taken_by_another() is None
    assert not home.root.exists()


def test_a_home_that_cannot_be_made_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="is not a folder"):
        HomeLock(Home(tmp_path / "file")).take()


@pytest.mark.parametrize("left", [b"", bytes(30), b"\xff\x00 no lock"], ids=["empty", "zeros", "garbage"])
def test_a_lock_that_says_nothing_and_that_nobody_holds_is_set_aside_and_told(
    home: Home, left: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    home.lock.write_bytes(left)
    with HomeLock(home) as lock:
        assert lock.held
    (told,) = capsys.readouterr().err.splitlines()
    assert str(home.lock) in told
    assert home.lock.with_name("lock.unreadable").read_bytes() == left


def test_asking_who_holds_a_home_sets_such_a_lock_aside_once(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.lock.write_bytes(b"garbage here")
    assert HomeLock(home).taken_by_another() is None
    assert HomeLock(home).taken_by_another() is None
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not home.lock.exists()


def test_a_lock_that_is_held_keeps_others_out_though_its_file_says_nothing(home: Home) -> None:
    with HomeLock(home):
        home.lock.write_bytes(b"")
        with pytest.raises(HomeTaken, match=re.escape(f"if nothing runs there, remove the file {home.lock}")):
            HomeLock(home).take()
        assert home.lock.exists()


def test_a_lock_of_another_machine_is_told_with_the_file_to_remove(home: Home) -> None:
    home.lock.write_text("1\npython\nelsewhere\n\n")
    taken = HomeLock(home).taken_by_another()
    assert taken is not None
    assert "on the machine elsewhere" in str(taken)
    assert f"remove the file {home.lock}" in str(taken)


def test_a_lock_left_in_a_read_only_home_says_that_nobody_holds_it() -> None:
    with reachable() as folder:
        (folder / "lock").write_text(f"999999\npython\n{QSysInfo.machineHostName()}\n\n")
        with closed(folder):
            assert HomeLock(Home(folder)).taken_by_another() is None
        assert (folder / "lock").exists()
