"""Without a window: how it ends when it cannot go on."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.control.lock import HomeLock
from app.paths import Home
from app.program import Program
from app.runtime import start
from app.runtime.headless import run
from app.runtime.options import Options
from services.core import faults
from services.core.errors import UserError
from services.core.journal import Transaction
from services.orchestrator.events import Alert


def breaks() -> None:
    raise MemoryError("no room for the batch")


@pytest.fixture(autouse=True)
def mended() -> Iterator[None]:
    yield
    faults.arm("journal.writing", None)


def test_a_writer_that_ends_by_a_fault_of_ours_ends_the_program_which_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "a test")
    program = Program(home, {"PATH": os.environ.get("PATH", "")})
    with HomeLock(home) as lock, pytest.raises(UserError) as told:
        run(program, lock, threading.Event(), begun=lambda _: faults.arm("journal.writing", breaks))
    assert str(told.value).startswith(
        f"{home.store}: the writer of the store ended (MemoryError: no room for the batch), so Dreamscape has ended. "
        "Start it again: what it told as done is on disk"
    )


def _fill(program: Program) -> None:
    """Leave the store no room, as on a disk that is full."""
    program.engine.patience = 0.2

    def narrow(tx: Transaction) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")

    program.engine.journal.write(narrow).result()
    program.engine.journal.append(Alert("x" * 100_000, "a test"))


def test_an_end_whose_last_words_found_no_room_on_the_disk_says_so_and_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home", "a test")
    program = Program(home, {"PATH": os.environ.get("PATH", "")}, safe_mode=True)
    monkeypatch.setattr("app.program.open_program", lambda home, **given: program)
    monkeypatch.setattr(start, "_say", lambda greeting: _fill(program))
    with HomeLock(home) as lock:
        code = start._headless(home, Options(lock, headless=True, seconds=0.01, safe_mode=True, as_json=False))
    assert code == 1
    assert f"{home.store}: not everything reached the disk; see that it has room." in capsys.readouterr().err


def test_a_start_that_allows_live_trading_says_that_all_is_on_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.surroundings._PROGRAM_ROOT", tmp_path)  # no checkout, whose branch might disagree
    home = Home(tmp_path / "home", "a test")
    program = Program(home, {"PATH": os.environ.get("PATH", "")}, safe_mode=True, said="prod", live=True)
    with HomeLock(home) as lock:
        run(program, lock, threading.Event(), seconds=0.01)
    assert "Live trading is allowed; the account has to be armed as well (dreamscape arm).\n" in capsys.readouterr().err
