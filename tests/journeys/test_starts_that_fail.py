"""A start that is broken off, or that cannot come to its end: said, ended in order, and not taken for a crash."""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QPushButton

from tests.journeys.conftest import Life, Person


def is_left_running(life: Life) -> bool:
    """Whether the store still says that the program runs: the next start would count that as a crash."""
    with closing(sqlite3.connect(life.home.store)) as store:
        found: int = store.execute("SELECT count(*) FROM facts WHERE name = 'running since'").fetchone()[0]
    return found > 0


async def failed_window(person: Person) -> str:
    """What the splash says of its last step once that has failed."""
    await person.until(lambda: person.window.splash.failure, "the failed step is shown")
    last = person.window.splash.steps[-1]
    assert (last.name, last.state) == ("Window", "failed")
    return last.result


@pytest.mark.parametrize("step", ["Journal", "Reconciled", "Processes"])
def test_quitting_while_a_step_is_under_way_is_a_clean_end(life: Life, step: str) -> None:
    async def story(person: Person) -> None:
        def begun() -> bool:
            return any(each.name == step and each.state != "waiting" for each in person.window.splash.steps)

        await person.until(begun, f"{step} is under way")
        person.session.quit()

    life.live(story)
    assert not is_left_running(life)


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for the name of a socket: both together have about a hundred letters."""
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        yield Path(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe needs no folder there")
def test_a_socket_that_cannot_be_made_is_a_failed_step_and_can_be_tried_again(
    life: Life, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("TMPDIR", str(short / "gone"))

    async def story(person: Person) -> None:
        assert "control socket" in await failed_window(person)
        os.environ["TMPDIR"] = str(short)
        person.window.splash_chosen.emit("again")
        await person.sees_the_dashboard()

    life.live(story)


def test_a_window_that_cannot_be_built_says_so_and_ends_in_order(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.home.create()
    (life.home.logs / "crash.log").mkdir()

    async def story(person: Person) -> None:
        assert "crash.log" in await failed_window(person)
        failure = person.window.splash.failure
        assert failure is not None
        labels = [button.text() for button in failure.findChildren(QPushButton)]
        assert "Quit" in labels
        assert "Try again" not in labels, "a half-built window is not built over"
        person.window.splash_chosen.emit("quit")

    life.live(story)
    assert not is_left_running(life)
