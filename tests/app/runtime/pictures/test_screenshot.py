"""A picture of the user's own home shows what is in it, and leaves it as it was."""

import os
import sys
from datetime import UTC, datetime

import pytest

from app.control.lock import HomeLock
from app.logs import read_tail
from app.paths import Home
from app.program import LOOKING_LOG, Program
from app.runtime.instance import serve
from app.runtime.pictures.screenshot import Instance, at_rest, instance, opened
from services.core.logs import LogLine, encode
from services.orchestrator.history.projections import Processes
from widgets.frame.main_window import MainWindow
from widgets.frame.views import FrameView
from widgets.parts.status import Status
from widgets.states.process_lines import process_lines


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path / "home", "--home").create()
    said = ("the feed is there", "order filled 0.012 BTC", "the feed is silent")
    at = datetime(2026, 11, 21, 9, 31, tzinfo=UTC)
    rows = [encode(LogLine(at, "INFO", "macd-eth-btc", text)) for text in said]
    made.log.write_bytes(b"".join(rows))
    return made


def test_the_log_of_the_home_is_in_the_picture_alone_and_stays_as_it_was(home):
    before = home.log.read_bytes()
    with at_rest(home, {}, running=None) as program:
        shown = [line.text for line in read_tail(program.home.log, 500)]
    assert shown == ["the feed is there", "order filled 0.012 BTC", "the feed is silent"]
    assert home.log.read_bytes() == before


def test_a_home_without_a_log_can_be_painted_too(tmp_path):
    home = Home(tmp_path / "fresh", "--home")
    with at_rest(home, {}, running=None) as program:
        assert program.engine.view.live
    assert not home.root.exists(), "looking makes no home"


@pytest.fixture
def left(tmp_path, monkeypatch) -> Home:
    """A home whose program has run and was killed, with a process of its own that goes on with the next start."""
    monkeypatch.setattr("app.wiring.own_files.files.DEFAULTS", tmp_path / "no-defaults")
    home = Home(tmp_path / "home", "--home").create()
    ran = Program(home, {"APP_ENV": "dev"})
    ran.run_steps()
    ran.engine.close()  # nothing says that this end was in order
    ran.logs.close()
    return home


def shown(qtbot, home: Home, env: dict[str, str], *, running: Instance | None) -> tuple[FrameView, bool]:
    """The frame around the pages of the picture, and whether its pages are of now."""
    told: list[FrameView] = []
    with at_rest(home, env, running=running) as program:
        window = MainWindow()
        qtbot.addWidget(window)
        window.show_frame = told.append
        desk = opened(program, window, running=running is not None)
        desk.close()
        assert desk.view.value(Processes).rows, "the processes of the home are shown"
        return told[-1], desk.view.live


def test_a_picture_of_a_home_that_nobody_runs_is_of_the_moment_known_last(qtbot, left):
    assert instance(left) is None
    frame, of_now = shown(qtbot, left, {}, running=None)
    assert not of_now
    assert frame.moment, "the banner names the moment"
    assert (frame.health.status, frame.health.text) == (Status.IDLE, "Not running")
    assert not frame.can_stop_trading


def test_a_picture_of_a_home_that_runs_is_of_now(qtbot, left):
    with HomeLock(left):
        frame, of_now = shown(qtbot, left, {}, running=Instance())
    assert of_now
    assert frame.moment == ""
    assert frame.health.text == "Healthy"


def test_looking_is_no_start_and_calls_for_no_safe_mode(left):
    left.settings.write_text("[orchestrator]\ncrashes_to_safe_mode = 1\n", encoding="utf-8")
    for running in (None, Instance()):
        with at_rest(left, {}, running=running) as program:
            assert not program.safe_mode
            said = [
                path.read_text(encoding="utf-8")
                for path in (program.home.log, program.home.root / LOOKING_LOG)
                if path.exists()
            ]
            assert "safe mode" not in "".join(said)


def test_the_safe_mode_of_the_instance_that_runs_is_in_its_picture(left):
    left.settings.write_text("[orchestrator]\ncrashes_to_safe_mode = 1\n", encoding="utf-8")
    running = Program(left, {})
    running.run_steps()
    try:
        assert running.safe_mode
        with at_rest(left, {}, running=Instance()) as program:
            assert program.safe_mode
    finally:
        running.close()


def test_the_arguments_of_the_instance_that_runs_are_in_its_picture(qtbot, left):
    running = Program(left, {}, said="dev", live=True, safe_mode=True)
    running.run_steps()
    try:
        with HomeLock(left) as lock:
            server = serve(lock, running, lambda: None, None)
            told = instance(left)
            server.close()
    finally:
        running.close()
    assert told is not None
    with at_rest(left, {"APP_ENV": "prod"}, running=told) as program:
        assert (program.environment, program.safe_mode) == (running.environment, True)
        assert "cli dev" in program.environment.because


def test_a_row_of_a_home_that_nobody_runs_reads_what_it_was(qtbot, left):
    with at_rest(left, {}, running=None) as program:
        window = MainWindow()
        qtbot.addWidget(window)
        desk = opened(program, window, running=False)
        desk.close()
        words = {line.word for line in process_lines(desk.view)}
    assert words
    assert not words & {"Running", "Waiting", "Starting"}


def test_the_environment_of_the_caller_is_in_the_picture_and_its_secrets_are_not(qtbot, left):
    env = {"APP_ENV": "prod", "DREAMSCAPE_TRADING__API_KEY": "correct-horse-battery"}
    frame, _ = shown(qtbot, left, env, running=None)
    assert "APP_ENV prod" in frame.environment.because or "APP_ENV says prod" in frame.banner
    with at_rest(left, env, running=None) as program:
        files = [path for path in program.home.root.rglob("*") if path.is_file()]
        assert not [path for path in files if b"correct-horse-battery" in path.read_bytes()]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes among files there")
def test_what_cannot_be_copied_is_left_out_and_the_rest_is_in_the_picture(home):
    (home.processes / "nap.yaml").write_text("kind: script\nwith: {command: [sleep, '1']}\n")
    (home.processes / "gone.yaml").symlink_to(home.root / "nothing")
    os.mkfifo(home.processes / "pipe.yaml")
    os.mkfifo(home.settings)
    with at_rest(home, {}, running=None) as program:
        assert [path.name for path in program.home.processes.iterdir()] == ["nap.yaml"]
