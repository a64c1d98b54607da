"""The real program as its own process: told to end, killed, started again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from services.trading.generated import generate

PATIENCE = 60.0
Fills = list[tuple[object, ...]]
CANDLES = 600
STRATEGY = """name: walk
market: {symbol: TST/USD, tick: 0.01, step: 0.001, min_notional: 1}
timeframe: 5m
data: walk.csv
macd: {fast: 5, slow: 12, signal: 4}
entry: macd_cross_up
exit: macd_cross_down
sizing: {percent: 100}
capital: 1000
fee: {percent: 0.1}
slippage: {ticks: 1}
fill: next_open
"""


@pytest.fixture(autouse=True)
def a_terminal_that_can_close() -> Iterator[None]:
    """Whoever runs the tests may have set SIGHUP aside, and every program started from there would have it so."""
    number = getattr(signal, "SIGHUP", None)
    before = signal.signal(number, signal.SIG_DFL) if number else None
    yield
    if number:
        signal.signal(number, before)


class Running:
    """The program in a process of its own."""

    def __init__(self, home: Path, *words: str, display: bool = False) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("DREAMSCAPE_", "QT_"))}
        environment |= {"DREAMSCAPE_HOME": str(home)} | ({"QT_QPA_PLATFORM": "offscreen"} if display else {})
        environment.pop("DISPLAY", None)
        environment.pop("WAYLAND_DISPLAY", None)
        self.home = home
        self.child = subprocess.Popen(
            [sys.executable, "-m", "app", "run", *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def ask(self, *words: str) -> dict[str, object]:
        """What ``dreamscape WORDS --json`` says."""
        done = subprocess.run(
            [sys.executable, "-m", "app", "--home", str(self.home), "--json", *words],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
            check=False,
        )
        answer: dict[str, object] = json.loads(done.stdout) if done.stdout else {}
        return answer

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        self.child.send_signal(number)
        out, err = self.child.communicate(timeout=PATIENCE)
        return self.child.returncode, out, err


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    living: list[Running] = []

    def begin(home: Path, *words: str, display: bool = False) -> Running:
        living.append(Running(home, *words, display=display))
        return living[-1]

    yield begin
    for running in living:
        if running.child.poll() is None:
            running.child.kill()
            running.child.wait()
        for pipe in (running.child.stdout, running.child.stderr):
            if pipe is not None:
                pipe.close()


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"it did not come to this: {what}"
        time.sleep(0.05)


def states(running: Running) -> dict[str, str]:
    answer = running.ask("ps")
    if not answer.get("running"):
        return {}
    rows = answer["processes"]
    assert isinstance(rows, list)
    return {row["name"]: row["state"] for row in rows}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_window_in_order(tmp_path: Path, start: Callable[..., Running], name: str) -> None:
    running = start(tmp_path / "home", display=True)
    until(lambda: states(running).get("macd-eth-btc") == "running", "the trader runs")
    code, _, err = running.end(signal.Signals[name])
    assert code == 0, err
    with closing(sqlite3.connect(tmp_path / "home" / "dreamscape.db")) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.execute("SELECT count(*) FROM runs WHERE ended IS NULL").fetchone() == (0,)
        assert store.execute("SELECT count(*) FROM facts WHERE name = 'running since'").fetchone() == (0,)


def test_without_a_display_it_says_so_and_goes_on_headless(tmp_path: Path, start: Callable[..., Running]) -> None:
    running = start(tmp_path / "home", "--for", "1")
    out, err = running.child.communicate(timeout=PATIENCE)
    assert running.child.returncode == 0, err
    assert "There is no display" in err
    assert "without a window" in out


def test_a_mistaken_setting_is_told_and_the_rest_goes_on_where_nobody_can_be_asked(
    tmp_path: Path, start: Callable[..., Running]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text('[log]\nlevel = "LOUD"\n', encoding="utf-8")
    out, err = start(home, "--headless", "--json", "--for", "1").child.communicate(timeout=PATIENCE)
    assert "settings.toml:2" in err
    assert "The default holds meanwhile" in err
    assert json.loads(out)["processes"]


def test_stop_trading_ends_and_pauses_every_trader(tmp_path: Path, start: Callable[..., Running]) -> None:
    running = start(tmp_path / "home", "--headless")
    until(lambda: states(running).get("macd-eth-btc") == "running", "the trader runs")
    assert running.ask("stop-trading")["asked_to_end"] == ["macd-eth-btc"]
    until(lambda: states(running)["macd-eth-btc"] == "paused", "the trader has ended")
    until(lambda: states(running)["build-in-public"] == "running", "the campaign goes on")
    running.end(signal.SIGTERM)
    at_rest = {"running": False, "asked_to_end": [], "held": ["macd-eth-btc"], "held_live": []}
    nothing = {"account": "none", "cancelled": [], "closed": [], "remaining": [], "ended": 0}
    assert running.ask("stop-trading") == at_rest | nothing


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal there")
def test_a_closed_terminal_ends_headless_in_order_unless_that_was_set_aside(
    tmp_path: Path, start: Callable[..., Running]
) -> None:
    running = start(tmp_path / "home", "--headless")
    until(lambda: states(running).get("build-in-public") == "running", "the campaign runs")
    code, _, err = running.end(signal.SIGHUP)
    assert code == 0, err
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does; whom it starts has it so from the first
    try:
        running = start(tmp_path / "home", "--headless")
    finally:
        signal.signal(signal.SIGHUP, before)
    until(lambda: states(running).get("build-in-public") == "running", "the campaign runs again")
    running.child.send_signal(signal.SIGHUP)
    assert states(running), "it answers as before"
    assert running.end(signal.SIGTERM)[0] == 0


def test_ctrl_c_ends_headless_in_order_and_tells_how_it_went(tmp_path: Path, start: Callable[..., Running]) -> None:
    running = start(tmp_path / "home", "--headless", "--json")
    until(lambda: states(running).get("build-in-public") == "running", "the campaign runs")
    code, out, err = running.end(signal.SIGINT)
    assert code == 0, err
    told = json.loads(out)
    assert {row["name"] for row in told["processes"]} >= {"macd-eth-btc", "build-in-public", "store-backup"}
    assert told["events"] > 0


def test_the_third_crash_within_minutes_starts_in_safe_mode(tmp_path: Path, start: Callable[..., Running]) -> None:
    home = tmp_path / "home"
    for _ in range(3):
        running = start(home, "--headless")
        until(lambda running=running: states(running).get("macd-eth-btc"), "it is up")
        running.end(signal.SIGKILL)
    running = start(home, "--headless")
    until(lambda: set(states(running).values()) == {"paused"}, "all processes are paused")
    rows = running.ask("ps")["processes"]
    assert isinstance(rows, list)
    assert all(row["by"] == "safe mode" for row in rows)
    _, out, _ = running.end(signal.SIGTERM)
    assert "Safe mode: every process is paused, since the program ended uncleanly 3 times within 10 min." in out
    assert f"Ending. Nothing runs. {len(rows)} paused, and so they stay." in out
    running = start(home, "--headless")
    until(lambda: states(running).get("macd-eth-btc") == "running", "an end in order was the end of safe mode")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Fills:
    """What the trader fills when nothing happens to it."""
    home = tmp_path_factory.mktemp("calm") / "undisturbed"
    _trader(home, speed=400)
    running = Running(home, "--headless")
    try:
        until(lambda: _ended(home), "the undisturbed trader ends")
    finally:
        running.end(signal.SIGTERM)
    return _fills(home)


def test_the_trader_killed_with_the_program_ends_with_the_same_fills(
    tmp_path: Path, start: Callable[..., Running], undisturbed: Fills
) -> None:
    killed = tmp_path / "killed"
    _trader(killed, speed=200)
    for count in (3, 9, 16):
        running = start(killed, "--headless")
        until(lambda count=count: len(_fills(killed)) >= count, f"{count} fills")
        running.end(signal.SIGKILL)
    running = start(killed, "--headless")
    until(lambda: "walker" in states(running), "it is up again")
    running.ask("resume", "walker")  # the third crash starts in safe mode
    until(lambda: _ended(killed), "the killed trader ends")
    running.end(signal.SIGTERM)
    assert _fills(killed) == undisturbed
    assert len(undisturbed) > 20


def test_a_restored_backup_places_no_order_twice(
    tmp_path: Path, start: Callable[..., Running], undisturbed: Fills
) -> None:
    restored = tmp_path / "restored"
    _trader(restored, speed=200)
    running = start(restored, "--headless")
    until(lambda: len(_fills(restored)) >= 3, "3 fills")
    copy = running.ask("backup")["path"]
    until(lambda: len(_fills(restored)) >= 9, "9 fills, of which the backup does not know")
    running.end(signal.SIGTERM)
    assert running.ask("restore", str(copy))["kept"]
    running = start(restored, "--headless")
    until(lambda: _ended(restored), "the restored trader ends")
    running.end(signal.SIGTERM)
    assert _fills(restored) == undisturbed


def _trader(home: Path, speed: float) -> None:
    strategy = home.parent / "walk.yaml"
    strategy.write_text(STRATEGY, encoding="utf-8")
    (home / "processes").mkdir(parents=True)
    (home / "data").mkdir()
    candles = generate(timedelta(minutes=5), 0.01, CANDLES)
    rows = [f"{c.time.isoformat()},{c.open},{c.high},{c.low},{c.close},{c.volume}" for c in candles]
    text = "\n".join(["timestamp,open,high,low,close,volume", *rows]) + "\n"
    (home / "data" / "walk.csv").write_text(text, encoding="utf-8")
    (home / "processes" / "walker.yaml").write_text(
        f"kind: trading.replay\nwith:\n  strategy: {strategy}\n  data: {home / 'data'}\n  speed: {speed}\n",
        encoding="utf-8",
    )


def _fills(home: Path) -> Fills:
    if not (home / "paper.db").exists():
        return []
    with closing(sqlite3.connect(home / "paper.db")) as broker:
        if not broker.execute("SELECT count(*) FROM sqlite_master WHERE name = 'orders'").fetchone()[0]:
            return []
        query = "SELECT client_id, side, filled, price FROM orders WHERE account LIKE 'walker%' ORDER BY number"
        return broker.execute(query).fetchall()


def _ended(home: Path) -> bool:
    if not (home / "dreamscape.db").exists():
        return False
    with closing(sqlite3.connect(home / "dreamscape.db")) as store:
        if not store.execute("SELECT count(*) FROM sqlite_master WHERE name = 'events'").fetchone()[0]:
            return False
        query = "SELECT count(*) FROM events WHERE name = 'trading.session.ended' AND source = 'walker'"
        found: int = store.execute(query).fetchone()[0]
    return found > 0
