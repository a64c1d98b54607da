"""Every way to be refused, through the real entry point: one clear line on standard error, and code 2."""

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.cli.main import main
from app.paths import Home
from app.wiring.projections import all_projections
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from tests.support.bots import Job
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program

Refused = Callable[[Path, str], str]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a process has run and a matter waits, and nothing runs now."""
    home = Home(tmp_path_factory.mktemp("left")).create()
    program = Program(home.root, ManualClock(), {WriteLine: LineWriter()}).open(all_projections())
    program.start(Job, "night-shift")
    program.engine.acts.propose(Origin("process:night-shift"), Proposal(WriteLine(str(home.root / "out"), "one")))
    program.advance(10)
    program.close()
    return home.root


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """Runs a command; gives the one line with which it is refused. Whatever else happened is no refusal."""

    def run(home: Path, words: str) -> str:
        try:
            code = main(["--home", str(home), *shlex.split(words)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        assert (code, out) == (2, ""), (code, out, err)
        (line,) = err.splitlines()
        return str(line)

    return run


@pytest.mark.parametrize(
    "words, told",
    [
        ("ps night", "No process is called 'night'; did you mean 'night-shift'?"),
        ("ps day", "No process is called 'day'; 'dreamscape ps' lists them."),
        ("decisions --process night-shfit", "did you mean 'night-shift'?"),
        ("pause nightshift", "No process called 'nightshift' has run here yet; did you mean 'night-shift'?"),
        ("cancel shift", "did you mean 'night-shift'?"),
        ("kill night-shift", "Dreamscape is not running, so night-shift does not either"),
        ("run-now night-shift", "'dreamscape run' starts both."),
        ("skip-next night-shift", "night-shift has no next time to skip."),
        ("set night-shift speed=1", "night-shift: there is no parameter 'speed'; there are word, length."),
        ("set night-shift length=many", "night-shift: length: it should be a whole number"),
        ("set night-shift length=1 --once", "there is no next run to set it for"),
        ("approve nope", "No decision has the id 'nope'; 'dreamscape inbox' and 'decisions' show them."),
        ("approve ''", "An id is needed, and this one is empty; 'dreamscape inbox' and 'decisions' show them."),
        ("reject nope", "No decision has the id 'nope'"),
        ("edit nope line=x", "No decision has the id 'nope'"),
        ("snooze nope", "No decision has the id 'nope'"),
        ("snooze nope --for soon", "'soon' is no duration; write a number and a unit, such as 90s, 5m, 24h or 7d."),
        ("snooze nope --for 0s", "'0s' is not between nothing and ten years"),
        ("undo nope", "No decision has the id 'nope'"),
        ("inbox nope", "No decision has the id 'nope'"),
        ("decisions nope", "No decision has the id 'nope'"),
        ("backup /nowhere/at/all/copy.db", "/nowhere/at/all: there is no such folder. Make it first, or name another."),
        ("process remove nope", "no process called 'nope' was added"),
        ("process remove nightshift", "Did you mean 'night-shift'?"),
        ("rearm nope --reason x", "No rule is called 'nope'; 'dreamscape rules' lists them."),
        ("rearm drawdown --reason x", "No rule is called 'drawdown'; did you mean 'drawdown stop'?"),
        (
            "rearm daily_loss --reason x",
            "“daily loss” is a guard of the exchange account, and none was ever kept here.",
        ),
        ("rearm 'process error rate' nihgt-shift --reason x", "Rule 'process error rate' watches no 'nihgt-shift'"),
        ("logs --process nightshift", "no process is called so; did you mean 'night-shift'?"),
        ("ps --home", "argument --home: expected one argument"),
        ("run --env staging", "argument --env: 'staging' is neither dev nor prod"),
        ("pss", "invalid choice: 'pss'"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_mend(words: str, told: str, left: Path, refused: Refused) -> None:
    assert told in refused(left, words)
    assert not Path("/nowhere").exists()


@pytest.mark.parametrize("words", ["pause x", "approve x", "set x a=1", "snooze x", "resume --all", "process remove x"])
def test_where_nothing_has_run_nothing_is_made(words: str, tmp_path: Path, refused: Refused) -> None:
    home = tmp_path / "typo"
    told = refused(home, words)
    assert told == (
        f"home {home}: nothing has run here yet. 'dreamscape run' begins, or name another home with --home DIR."
    )
    assert not home.exists()


@pytest.mark.parametrize("words", ["ps", "inbox", "decisions", "pause night-shift", "backup"])
def test_a_store_of_a_newer_dreamscape_is_left_as_it_is(
    words: str, left: Path, tmp_path: Path, refused: Refused
) -> None:
    home = tmp_path / "newer"
    shutil.copytree(left, home)
    with closing(sqlite3.connect(home / "dreamscape.db")) as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
        store.commit()
    told = refused(home, words)
    assert "this store was written by a newer Dreamscape (revision 9999" in told
    assert "Update Dreamscape, or choose another home with --home; nothing was opened or changed." in told


@pytest.fixture
def read_only(left: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the home that cannot be written, also by root."""
    home = tmp_path / "read-only"
    home.mkdir()
    if not hasattr(os, "geteuid"):
        pytest.skip("this system knows no read-only folders")
    if os.geteuid() != 0:
        shutil.copytree(left, home, dirs_exist_ok=True)
        home.chmod(0o555)
        yield home
        home.chmod(0o755)
        return
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "tmpfs", str(home)], check=False).returncode:
        pytest.skip("this machine does not let root mount a folder")
    shutil.copytree(left, home, dirs_exist_ok=True)
    subprocess.run([mount, "-o", "remount,ro", str(home)], check=True)
    yield home
    subprocess.run(["umount", str(home)], check=True)


@pytest.mark.parametrize("words", ["pause night-shift", "approve x", "backup"])
def test_a_home_that_cannot_be_written_is_told(words: str, read_only: Path, refused: Refused) -> None:
    told = refused(read_only, words)
    assert told.startswith(f"home {read_only}: it cannot be written. Make it writable for you, or choose another")


@pytest.mark.parametrize(
    "words, shows",
    [("ps", "night-shift"), ("inbox", "To approve"), ("decisions", "one"), ("rules", "No rules were read yet")],
)
def test_a_home_that_cannot_be_written_can_be_read(
    words: str, shows: str, read_only: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(read_only), *shlex.split(words)]) == 0
    out, err = capsys.readouterr()
    assert shows in out
    assert err == f"home {read_only}: it is read-only, so it can be looked at and not changed.\n"


def test_a_home_that_cannot_be_written_can_be_exported_to_elsewhere(
    read_only: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(read_only), "export", str(tmp_path / "out.jsonl")]) == 0
    assert '"night-shift"' in (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert "it is read-only" in capsys.readouterr().err


def test_the_program_itself_refuses_so_too(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")
    words = [sys.executable, "-m", "app", "--home", str(home), "run", "--headless", "--for", "1"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "is not a folder" in done.stderr
