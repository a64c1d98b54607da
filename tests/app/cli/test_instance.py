"""The real program in processes of its own: one instance for each home, told over its socket, killed, and ended."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.control.client import NotAnswering, NotRunning, ask
from app.control.lock import HomeLock
from app.control.protocol import Request
from app.paths import Home

Cli = Callable[..., "subprocess.CompletedProcess[str]"]
PATIENCE = 60.0
NAP = "python3 -c 'import time; time.sleep(300)'"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def cli(home: Home) -> Cli:
    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "app", "--home", str(home.root), *words],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    return run


@pytest.fixture
def start(home: Home) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Starts the program without its window, and returns once it answers."""
    begun: list[subprocess.Popen[str]] = []

    def started() -> "subprocess.Popen[str]":
        words = [sys.executable, "-m", "app", "--home", str(home.root), "run", "--headless", "--json"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        begun.append(process)
        wait_for(lambda: answers(home) or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        return process

    yield started
    for process in begun:
        process.kill()
        process.communicate()


def answers(home: Home) -> bool:
    try:
        ask(home, Request("ps"), patience=0.2)
    except (NotRunning, NotAnswering):
        return False
    return True


def wait_for(reached: Callable[[], Any], patience: float = PATIENCE) -> None:
    """Wait until something that another process does has come about."""
    pause = threading.Event()
    for _ in range(round(patience / 0.1)):
        if reached():
            return
        pause.wait(0.1)
    raise AssertionError("it did not come about")


def document(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def state_of(cli: Cli, name: str) -> str:
    (row,) = (row for row in document(cli("ps", "--json"))["processes"] if row["name"] == name)
    state: str = row["state"]
    return state


def test_a_running_instance_is_told_from_outside_and_ends_when_told(cli: Cli, start: Any, home: Home) -> None:
    process = start()
    document(cli("process", "add", "nap", "--command", NAP, "--json"))
    wait_for(lambda: state_of(cli, "nap") == "running")
    assert document(cli("cancel", "nap", "--json"))["processes"][0]["state"] in ("stopping", "stopped")
    told = document(cli("quit", "--json"))
    out, _ = process.communicate(timeout=PATIENCE)
    assert told == {"quit": True, "pid": process.pid, "ended": True, "open": told["open"], "paused": []}
    assert isinstance(told["open"], list)
    assert process.returncode == 0
    end = json.loads(out)
    assert {"processes", "events", "decisions"} <= set(end)
    assert all({"name", "service", "state", "runs", "restarts"} <= set(row) for row in end["processes"])
    assert HomeLock(home).taken_by_another() is None
    assert state_of(cli, "nap") == "stopped"


def test_a_kill_tells_how_it_stands_after_it(cli: Cli, start: Any) -> None:
    start()
    document(cli("process", "add", "nap", "--command", NAP, "--json"))
    wait_for(lambda: state_of(cli, "nap") == "running")
    (row,) = document(cli("kill", "nap", "--json"))["processes"]
    assert row["state"] in ("backoff", "starting")
    (run, *_) = document(cli("ps", "nap", "--json"))["runs"][-1:]
    assert run["result"] in ("died", "failed")


def test_a_run_without_a_window_says_that_it_runs_and_how_to_end_it(cli: Cli, home: Home) -> None:
    ran = cli("run", "--headless", "--for", "0.5")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Dreamscape runs ")
    assert f"home {home.root}. It ends by itself after 0.5 s." in ran.stdout


def test_a_second_instance_finds_the_first_and_leaves(cli: Cli, start: Any) -> None:
    first = start()
    done = cli("run", "--headless")
    assert done.returncode == 0
    assert f"already runs here (process {first.pid})" in done.stdout
    assert first.poll() is None


def test_after_kill_9_the_lock_and_the_socket_are_taken_over(cli: Cli, start: Any, home: Home) -> None:
    first = start()
    document(cli("pause", "--all", "--json"))
    wait_for(lambda: {row["state"] for row in document(cli("ps", "--json"))["processes"]} == {"paused"})
    first.kill()
    first.communicate()
    assert home.lock.exists()
    left = document(cli("ps", "--json"))
    assert left["running"] is False
    assert {row["state"] for row in left["processes"]} == {"paused"}
    second = start()
    assert document(cli("ps", "--json"))["running"] is True
    assert document(cli("run", "--json"))["pid"] == second.pid
    assert {row["state"] for row in document(cli("ps", "--json"))["processes"]} == {"paused"}


def test_after_kill_9_a_command_is_carried_out_here(cli: Cli, start: Any) -> None:
    first = start()
    name = document(cli("ps", "--json"))["processes"][0]["name"]
    first.kill()
    first.communicate()
    told = document(cli("pause", name, "--json"))
    assert (told["running"], told["processes"][0]["state"]) == (False, "paused")
    start()
    assert state_of(cli, name) == "paused"


@pytest.mark.skipif(not hasattr(os, "kill") or sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_an_instance_that_hangs_is_named_with_its_mend(cli: Cli, start: Any) -> None:
    import signal

    first = start()
    os.kill(first.pid, signal.SIGSTOP)
    for words in (["ps"], ["pause", "--all"], ["run", "--headless"]):
        done = cli(*words)
        assert done.returncode == 2
        assert done.stdout == ""
        assert f"process {first.pid} and does not answer" in done.stderr
        assert f"kill {first.pid}" in done.stderr
    os.kill(first.pid, signal.SIGCONT)
    assert cli("ps").returncode == 0


class LastSeen:
    """Standard error; what is written there comes before the end of the instance that is waited for."""

    def __init__(self, lock: HomeLock) -> None:
        self.lock = lock
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text
        self.lock.release()


def test_one_that_is_told_to_end_once_more_while_it_ends_is_waited_for(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = LastSeen(HomeLock(home).take())  # it holds its home and answers no more
    monkeypatch.setattr("sys.stderr", seen)
    assert main(["--home", str(home.root), "quit"]) == 0
    assert f"(process {os.getpid()}) is ending already" in seen.text
    assert "kill" not in seen.text
    assert capsys.readouterr().out == f"Dreamscape (process {os.getpid()}) has ended.\n"
