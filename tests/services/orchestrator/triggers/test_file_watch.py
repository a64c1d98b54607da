"""Changes of real files reach the one who asked, gathered and without noise."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.core.clock import Clock, SystemClock
from services.core.durations import seconds
from services.orchestrator.triggers.file_watch import FileWatch, Pattern
from services.orchestrator.triggers.trigger import OnFiles

PATIENCE = 30


@contextmanager
def watching(base: Path, *files: str, clock: Clock | None = None) -> Iterator[Callable[[], set[str]]]:
    """Watch in a thread; yields what waits for the next batch, as paths relative to ``base``."""
    told: queue.Queue[frozenset[Path]] = queue.Queue()
    watch = FileWatch(OnFiles(files, seconds(0.2)), base, clock or SystemClock(), told.put)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        assert watch.watching.wait(PATIENCE)
        yield lambda: {str(path.relative_to(base.resolve())) for path in told.get(timeout=PATIENCE)}
    finally:
        watch.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert told.empty(), "nothing else was told"


class HandClock(SystemClock):
    """A clock whose monotonic time is moved by hand; it counts how often it was asked."""

    def __init__(self) -> None:
        self.time, self.asked = 0.0, 0

    def monotonic(self) -> float:
        self.asked += 1
        return self.time

    def let_it_look(self) -> None:
        """Wait until the watch has looked a few times more."""
        until = self.asked + 8
        while self.asked < until:
            self.wakeup().wait(0.01)


def test_changes_that_never_end_are_told_all_the_same(tmp_path: Path) -> None:
    clock = HandClock()
    with watching(tmp_path, "*.log", clock=clock) as batch:
        names = {f"{step}.log" for step in range(10)}
        for name in sorted(names):  # one each half of the debounce, so that it is never quiet for long enough
            (tmp_path / name).write_text("more")
            clock.let_it_look()
            clock.time += 0.11
        assert batch() == names


def test_changes_are_told_together_once_nothing_more_happens(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    clock = HandClock()
    with watching(tmp_path, "src/**/*.py", clock=clock) as batch:
        for name in ("one", "two", "three"):
            (tmp_path / "src" / f"{name}.py").write_text(name)
            clock.let_it_look()
        clock.time = 1.0
        assert batch() == {"src/one.py", "src/two.py", "src/three.py"}


def test_what_does_not_fit_or_is_nobodys_work_is_not_told(tmp_path: Path) -> None:
    for folder in (".git", "__pycache__", ".venv/lib", "pkg"):
        (tmp_path / folder).mkdir(parents=True)
    with watching(tmp_path, "**/*.py") as batch:
        for path in (".git/a.py", "__pycache__/b.py", ".venv/lib/c.py", "notes.txt", "pkg/seen.py"):
            (tmp_path / path).write_text("x")
        assert batch() == {"pkg/seen.py"}


def test_one_file_is_seen_however_an_editor_replaces_it(tmp_path: Path) -> None:
    target = tmp_path / "conf.yaml"
    target.write_text("a: 1")
    with watching(tmp_path, "conf.yaml") as batch:
        target.write_text("a: 2")
        assert batch() == {"conf.yaml"}
        (tmp_path / "new").write_text("a: 3")
        (tmp_path / "new").replace(target)
        assert batch() == {"conf.yaml"}
        target.unlink()
        assert batch() == {"conf.yaml"}
        target.write_text("a: 4")
        assert batch() == {"conf.yaml"}


def test_a_folder_means_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    with watching(tmp_path, "data") as batch:
        (tmp_path / "data" / "deep" / "x.csv").write_text("1")
        assert "data/deep/x.csv" in batch()


def test_a_folder_that_is_put_in_the_place_of_a_watched_one_is_watched(tmp_path: Path) -> None:
    watched = tmp_path / "in"
    watched.mkdir()
    told: queue.Queue[frozenset[Path]] = queue.Queue()
    watch = FileWatch(OnFiles(("in/*.csv",), seconds(0.1)), tmp_path, SystemClock(), told.put)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        assert watch.watching.wait(PATIENCE)
        watched.rename(tmp_path / "old")
        clock = SystemClock()
        while watch.watching.is_set():
            clock.wakeup().wait(0.01)
        watched.mkdir()
        assert watch.watching.wait(PATIENCE)
        (watched / "a.csv").write_text("1")
        assert told.get(timeout=PATIENCE) == {watched / "a.csv"}
    finally:
        watch.stop()
        thread.join(PATIENCE)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("src/**/*.py", "src/a.py", True),
        ("src/**/*.py", "src/b/c/a.py", True),
        ("src/**/*.py", "lib/a.py", False),
        ("src/*.py", "src/b/a.py", False),
        ("*.csv", "a.csv", True),
        ("*.csv", "b/a.csv", False),
        ("data/*/new.csv", "data/x/new.csv", True),
        ("data/*/new.csv", "data/x/y/new.csv", False),
        ("a/**", "a/b/c", True),
        ("**/*.py", "venv/lib/a.py", False),
        ("conf.yaml", "conf.yaml", True),
        ("conf.yaml", "conf.yaml.bak", False),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, path: str, fits: bool) -> None:
    assert Pattern.of(pattern, tmp_path).fits(tmp_path.resolve() / path) is fits


def test_a_project_below_a_folder_that_is_called_like_an_ignored_one_is_watched(tmp_path: Path) -> None:
    base = tmp_path / "venv"
    assert Pattern.of("*.py", base).fits(base.resolve() / "a.py")
