"""Pictures of the real window, painted off screen: of a copy of the home, or of a demonstration that truly runs."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.environment import Environment
from app.logs.file import rotated
from app.paths import Home
from services.core.errors import UserError
from services.core.read_only import uri_of

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

    from app.program import Program
    from app.runtime.desk.desk import Desk
    from widgets.frame.main_window import MainWindow

LOG_FILES = 2
"""Files of the log that are copied, newest first: the second for one that has just been begun anew."""
PAINT_PATIENCE = 2.0
"""Seconds for pages to build, fonts to load and charts to settle before the picture is taken."""
WORK_PATIENCE = 600.0
"""Seconds for what a page's action begins: a sweep compiles first, which takes minutes on a busy machine."""


def take(
    *,
    home: Home,
    page: str,
    size: tuple[int, int],
    out: Path,
    demo: bool,
    theme: str,
    exchange: bool = False,
    tell: Callable[[str], None] = lambda told: None,
) -> tuple[int, int]:
    """Paint ``page`` into ``out``, and give the size that it has: the window has a least one.

    A demonstration trades at the play-money ``exchange`` of the environment only where that is asked for; ``tell``
    hears what it left there, if anything.

    Raises ``UserError`` for an unknown page or a file that cannot be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.runtime.qt import guards, qt_messages
    from app.runtime.window.window import existing_application

    guards.install()
    qt_messages.to_log()
    application = existing_application()
    running = None if demo else instance(home)
    env = os.environ if exchange else None
    with demonstration(env, tell) if demo else at_rest(home, os.environ, running=running) as program:
        return _paint(application, program, page, size, out, theme, running=demo or running is not None)


@dataclass(frozen=True)
class Instance:
    """Who runs the home; what it takes itself for where it says so."""

    environment: Environment | None = None
    safe_mode: bool | None = None


def instance(home: Home) -> Instance | None:
    """Who runs the home now, be it one that does not answer or knows less than we do; None where nobody does."""
    from app.control.client import NotAnswering, NotRunning, ask
    from app.control.protocol import Fault, Refused, Request
    from app.surroundings import as_told

    try:
        told = ask(home, Request("standing"))
        return Instance(as_told(told["environment"]) if told.get("environment") else None, told.get("safe_mode"))
    except NotRunning:
        return None
    except (NotAnswering, Refused, Fault, msgspec.ValidationError):
        return Instance()


@contextmanager
def at_rest(home: Home, env: Mapping[str, str], *, running: Instance | None) -> Iterator["Program"]:
    """A program over a copy of the home, with nothing running: the home itself is not touched, even while it runs.

    ``running`` is who runs it, and the copy takes itself for the same; where that does not say whether it is in safe
    mode, the unclean ends before it do.
    """
    from app.program import Program

    with tempfile.TemporaryDirectory(prefix="dreamscape-picture-") as folder:
        copy = Home(Path(folder) / "home", home.chosen_by)
        copy.create()
        _copy(home, copy)
        program = Program(copy, env, with_mistakes=True, as_told=running.environment if running else None)
        program.open_at_rest()
        try:
            if running is not None:
                program.safe_mode = _ended_often(program) if running.safe_mode is None else running.safe_mode
            yield program
        finally:
            program.close()


def _ended_often(program: "Program") -> bool:
    """Whether unclean ends have brought who runs the home into safe mode."""
    from app.wiring.last_end.starts import under_way

    begun = under_way(program.engine.journal)
    if begun is None or program.loaded is None:
        return False
    settings = program.loaded.settings.orchestrator
    within = timedelta(seconds=settings.crashes_within_seconds)
    return bool(begun.why_safe(settings.crashes_to_safe_mode, within))


@contextmanager
def demonstration(
    exchange: Mapping[str, str] | None = None, tell: Callable[[str], None] = lambda told: None
) -> Iterator["Program"]:
    """A program in a home of its own, after it has really run for a while; it runs on while it is painted.

    With ``exchange``, an environment that names one, it buys there, and sells that again before it ends.
    """
    from app.runtime.pictures.demo import prepare, run_a_while
    from app.runtime.pictures.demo_trading import Account

    with tempfile.TemporaryDirectory(prefix="dreamscape-demo-") as folder:
        program = prepare(Path(folder), exchange)
        try:
            run_a_while(program)
            yield program
        finally:
            if left := Account(program).bring_to_rest():
                tell(f"The demonstration left at the exchange: {'; '.join(left)}. Look at the exchange's own page.")
            program.close()


def _copy(home: Home, copy: Home) -> None:
    if home.store.exists():
        with closing(sqlite3.connect(uri_of(home.store), uri=True)) as store:
            store.execute("VACUUM INTO ?", (str(copy.store),))
    for name in ("samples", "processes", "strategies"):
        if (home.root / name).is_dir():
            shutil.copytree(home.root / name, copy.root / name, dirs_exist_ok=True, ignore=_not_to_copy)
    for file in (home.settings, home.settings_last_good, *rotated(home.log)[:LOG_FILES]):
        if file.is_file():
            shutil.copy2(file, copy.root / file.relative_to(home.root))


def _not_to_copy(folder: str, names: list[str]) -> list[str]:
    """What cannot be copied: links to nothing, pipes, and what may not be read."""
    paths = {name: Path(folder) / name for name in names}
    return [
        name for name, path in paths.items() if not ((path.is_file() or path.is_dir()) and os.access(path, os.R_OK))
    ]


def opened(program: "Program", window: "MainWindow", *, running: bool) -> "Desk":
    """The window filled: with what is so now, or, where nothing runs, with the moment that was known last."""
    from app.login import this_systems_entry
    from app.runtime.desk.desk import Desk
    from app.runtime.desk.market_desk import MarketDesk
    from app.runtime.desk.past import read_past
    from app.runtime.desk.settings_desk import SettingsDesk

    desk = Desk(program, window)
    SettingsDesk(desk, lambda _general: None, login=this_systems_entry(program.home, program.env))
    MarketDesk(desk)
    desk.open()
    if not running:
        last = program.engine.journal.last_at()
        desk.show_as_left(read_past(program, last) if last else None)
    return desk


def _require_page(desk: "Desk", page: str) -> None:
    known = [entry.id for entry in desk.entries]
    if page not in known:
        raise UserError(f"there is no page {page!r}", "--page", f"Write one of {', '.join(known)}")


def _live(application: "QApplication", seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    """Let the window live for so long, or until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        application.processEvents()
        time.sleep(0.01)


def _turn_to(application: "QApplication", desk: "Desk", page: str, view: str) -> None:
    """Have the page's own action done, as by its key, and wait for what it begins."""
    shown = desk.pages[page]
    actions = [entry.id for entry in shown.ACTIONS]
    if f"{page}.{view}" not in actions:
        raise UserError(f"the page {page!r} has no {view!r}", "--page", f"Write {page}, or one of {', '.join(actions)}")
    shown.obey(f"{page}.{view}")
    _live(application, WORK_PATIENCE, lambda: shown.at_rest)
    if not shown.at_rest:
        raise UserError(f"{page}.{view} was not done in {WORK_PATIENCE / 60:.0f} minutes", "--page", "Try it again")
    _live(application, PAINT_PATIENCE)


def _paint(
    application: "QApplication",
    program: "Program",
    page: str,
    size: tuple[int, int],
    out: Path,
    theme: str,
    *,
    running: bool,
) -> tuple[int, int]:
    from widgets.frame.main_window import MainWindow
    from widgets.theme import use_theme

    use_theme(application, "light" if theme == "light" else "dark")
    window = MainWindow()
    window.use_less_motion(True)
    desk = opened(program, window, running=running)
    page, _, view = page.partition(".")
    _require_page(desk, page)
    window.show()
    window.open_dashboard()
    window.setMinimumSize(0, 0)
    window.resize(*size)
    window.go_to(page)
    _live(application, PAINT_PATIENCE)
    if view:
        _turn_to(application, desk, page, view)
    picture = window.grab()
    desk.close()
    window.hide()
    if not picture.save(str(out)):
        raise UserError("the picture cannot be written", str(out), "Choose a file in a writable folder, ending in .png")
    return picture.width(), picture.height()
