"""Real programs are adopted: started, read, suspended, stopped and judged."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.logs import Logs, read_tail
from services.core.clock import SystemClock
from services.core.process import ConfigurationFault
from services.core.process.context import Context, Order, Position
from services.core.process.running import Progress, Superseded, Waiting
from services.core.sandbox import Tree
from services.orchestrator.definitions.building import build
from services.orchestrator.scripts.events import ScriptEnded, ScriptStarted
from services.orchestrator.scripts.script import Script, ScriptFailed
from tests.support.host import MemoryHost, told
from tests.support.until import until

posix = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")


class SteeredHost(MemoryHost):
    """Tells the run something when a metric arrives, and looks at the run while it holds."""

    def __init__(self, on: dict[str, Callable[["SteeredHost", float], None]] | None = None) -> None:
        super().__init__()
        self.on = on or {}
        self.holding: Callable[[SteeredHost], None] = lambda host: None
        self.holds = 0
        self.beats = 0
        self.kept: list[Position | None] = []

    def sample(self, metric: str, value: float) -> None:
        super().sample(metric, value)
        if metric in self.on:
            self.on[metric](self, value)

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        self.beats += 1
        super().beat(progress, waiting)

    def commit(self, events: Any, position: Position | None, wait: bool) -> None:
        self.kept.append(position)
        super().commit(events, position, wait)

    def hold(self) -> None:
        self.holds += 1
        self.holding(self)
        if self.order is Order.PAUSE:
            self.order = Order.GO


def program(folder: Path, text: str, name: str = "main.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def script(folder: Path, text: str, **more: Any) -> Script:
    return Script(command=str(program(folder, text)), folder=str(folder), interpreter=sys.executable, **more)


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has ended too."""
    try:
        os.kill(pid, 0)
        return state_of(pid) in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def settled_state(pid: int) -> str:
    """The state once the system has delivered a signal, which takes it a moment."""
    for _ in range(1000):
        if state_of(pid) == "T":
            break
        SystemClock().wakeup().wait(0.005)
    return state_of(pid)


def cancel(host: SteeredHost, value: float) -> None:
    host.order = Order.CANCEL


@posix
def test_an_old_script_runs_and_its_beginning_and_end_are_kept(tmp_path: Path) -> None:
    host = MemoryHost()
    host.run(script(tmp_path, "print('hello')"), "old")
    (started,), (ended,) = told(host, ScriptStarted), told(host, ScriptEnded)
    assert is_gone(started.pid)
    assert (ended.exit_code, ended.asked) == (0, False)
    assert ended.seconds > 0


def test_its_output_is_its_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "process.old")
    text = "import sys\nprint('fine')\nprint('odd', file=sys.stderr)\nprint('ERROR: \\x1b[31mbroken\\x1b[0m')"
    MemoryHost().run(script(tmp_path, text), "old")
    lines = {(record.levelname, record.getMessage()) for record in caplog.records if record.name == "process.old"}
    assert lines == {("INFO", "fine"), ("WARNING", "odd"), ("ERROR", "ERROR: broken")}


def test_its_log_has_every_line_of_it_and_the_end_of_a_long_traceback(tmp_path: Path) -> None:
    path = tmp_path / "dreamscape.log"
    logs = Logs(path, SystemClock()).start()
    try:
        text = "for n in range(60):\n    print(f'entry {n}: order {n + 42} filled', flush=True)\n"
        text += "def deep(n):\n    if n == 0:\n        raise ValueError('no price')\n    deep2(n)\n"
        text += "def deep2(n):\n    deep(n - 1)\ndeep(20)"
        with pytest.raises(ScriptFailed):
            MemoryHost().run(script(tmp_path, text), "old")
    finally:
        logs.close()
    lines = [line.text for line in read_tail(path, 1000)]
    filled = [text for text in lines if text.endswith("filled")]
    assert filled == [f"entry {n}: order {n + 42} filled" for n in range(60)]
    assert "ValueError: no price" in lines
    assert sum(text.startswith("  File ") for text in lines) == 42


def test_progress_and_metrics_are_read_from_it(tmp_path: Path) -> None:
    host = MemoryHost()
    text = "for n in range(1, 4):\n    print(f'Epoch {n}/3 loss={1 / n:.2f}')"
    patterns = {"progress": r"Epoch (?P<done>\d+)/(?P<total>\d+)", "loss": r"loss=([\d.]+)"}
    host.run(script(tmp_path, text, patterns=patterns), "trainer")
    assert host.samples["loss:trainer"] == [1.0, 0.5, 0.33]
    assert (host.progress.done, host.progress.total) == (3, 3)


def test_a_progress_bar_that_never_ends_its_line_is_seen_as_it_moves(tmp_path: Path) -> None:
    host = SteeredHost({"bar:tqdm": lambda host, value: cancel(host, value) if value == 42 else None})
    text = "import sys, time\nfor n in (10, 42, 43):\n    print(f'\\r{n}%', end='', flush=True)\ntime.sleep(600)"
    host.run(script(tmp_path, text, patterns={"progress": r"(\d+)%", "bar": r"(\d+)%"}, stop_grace="5s"), "tqdm")
    assert host.samples["bar:tqdm"][:2] == [10, 42]


def test_a_print_is_seen_while_the_script_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    host = SteeredHost({"ready:old": cancel})
    host.run(
        script(tmp_path, "import time\nprint('ready=1')\ntime.sleep(600)", patterns={"ready": r"ready=(\d)"}), "old"
    )
    (ended,) = told(host, ScriptEnded)
    assert ended.asked


def test_a_failure_says_how_and_with_which_words(tmp_path: Path) -> None:
    host = MemoryHost()
    with pytest.raises(ScriptFailed, match=r"exit code 1 after .*; its last line: ValueError: no price"):
        host.run(script(tmp_path, "raise ValueError('no price')"))
    assert host.position is not None


@posix
def test_a_crash_says_which_signal(tmp_path: Path) -> None:
    with pytest.raises(ScriptFailed, match="ended by signal 11"):
        MemoryHost().run(script(tmp_path, "import os\nos.kill(os.getpid(), 11)"))


def test_other_exit_codes_may_be_fine(tmp_path: Path) -> None:
    host = MemoryHost()
    host.run(script(tmp_path, "raise SystemExit(3)", exit_codes=(0, 3)))
    assert told(host, ScriptEnded)[0].exit_code == 3


def test_exit_code_78_means_that_a_restart_would_not_help(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match=r"configured wrongly .*no API address"):
        MemoryHost().run(script(tmp_path, "import sys\nprint('no API address', file=sys.stderr)\nsys.exit(78)"))


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"command": "no-such-program --now"}, "no-such-program"),
        ({"command": ["./missing.sh"]}, "missing.sh"),
        ({"command": "main.py", "folder": "missing"}, "missing"),
        ({"command": "main.py", "interpreter": "missing/python"}, "missing/python"),
        ({"command": "a && b"}, "needs a shell"),
        ({"command": ""}, "the command is empty"),
        ({"command": "a", "alive": "often"}, "tells no sign of life"),
        ({"command": "a", "patterns": {"x": "("}}, "no regular expression"),
        ({"command": "a", "stop_signal": "TREM"}, "did you mean TERM"),
    ],
)
def test_what_cannot_work_is_told_and_not_tried_again(tmp_path: Path, parameters: dict[str, Any], told: str) -> None:
    folder = tmp_path / parameters.pop("folder", "")
    with pytest.raises(ConfigurationFault, match=told):
        MemoryHost().run(Script(**{"folder": str(folder), **parameters}))


def test_the_same_mistakes_are_told_when_it_is_built_from_a_description() -> None:
    path = "services.orchestrator.scripts.script:Script"
    assert build(path, {"command": ["a", "b"]}, "bot") == Script(command=("a", "b"))
    with pytest.raises(ConfigurationFault, match=r"alive: .*tells no sign of life.*speed"):
        build(path, {"command": "a", "alive": "often", "speed": 1}, "bot")


def test_a_file_that_may_not_be_run_is_a_fault_of_configuration(tmp_path: Path) -> None:
    program(tmp_path, "#!/bin/sh\n", "run.sh").chmod(0o644)
    with pytest.raises(ConfigurationFault, match=r"run\.sh"):
        MemoryHost().run(Script(command="./run.sh", folder=str(tmp_path)))


@posix
def test_a_python_file_gets_the_python_of_its_folder(tmp_path: Path) -> None:
    program(tmp_path, "print('never read')")
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.write_text("#!/bin/sh\necho given=1 $1\n")
    own.chmod(0o755)
    host = MemoryHost()
    host.run(Script(command="main.py", folder=str(tmp_path), patterns={"given": r"given=(\d) main.py"}), "old")
    assert host.samples["given:old"] == [1]


def test_it_sees_what_it_was_given_and_nothing_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_API_KEY", "hush")
    monkeypatch.setenv("BROKER_TOKEN", "1")
    text = "import os\nprint('port=' + os.environ['PORT'], 'secret=' + str(int('EXCHANGE_API_KEY' in os.environ)))\n"
    text += "print('passed=' + os.environ['BROKER_TOKEN'])"
    host = MemoryHost()
    patterns = {"port": r"port=(\d+)", "secret": r"secret=(\d)", "passed": r"passed=(\d)"}
    given = script(tmp_path, text, environment={"PORT": 8080}, pass_on=("BROKER_TOKEN",), patterns=patterns)
    host.run(given, "old")
    assert host.samples == {"port:old": [8080], "secret:old": [0], "passed:old": [1]}


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session={own_session})
child.stdout.readline()
print(f"grandchild={{child.pid}}", flush=True)
time.sleep(600)
"""


@posix
@pytest.mark.parametrize("own_session", [False, True])
def test_one_that_ignores_the_stop_signal_is_ended_with_its_grandchild(tmp_path: Path, own_session: bool) -> None:
    host = SteeredHost({"grandchild:old": cancel})
    given = script(
        tmp_path,
        STUBBORN.format(own_session=own_session),
        patterns={"grandchild": r"grandchild=(\d+)"},
        stop_grace="200ms",
    )
    host.run(given, "old")
    (started,), (ended,) = told(host, ScriptStarted), told(host, ScriptEnded)
    assert ended.asked
    assert ended.exit_code == -9
    assert is_gone(started.pid)
    assert is_gone(int(host.samples["grandchild:old"][0]))


@posix
def test_what_a_script_leaves_behind_is_ended_with_it(tmp_path: Path) -> None:
    host = MemoryHost()
    text = "import subprocess\nleft = subprocess.Popen(['sleep', '600'])\nprint(f'left={left.pid}', flush=True)"
    text += "\nimport os\nos._exit(0)"
    host.run(script(tmp_path, text, patterns={"left": r"left=(\d+)"}), "old")
    assert is_gone(int(host.samples["left:old"][0]))


@posix
def test_it_is_asked_with_its_own_signal_and_its_last_words_are_heard(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "process.old")
    host = SteeredHost({"up:old": cancel})
    text = """
import signal, sys, time
def end(*_):
    for n in range(3000):
        print("closing positions")
    time.sleep(0.5)
    print("closed", flush=True)
    sys.exit(0)
signal.signal(signal.SIGINT, end)
print("up=1", flush=True)
time.sleep(600)
"""
    host.run(script(tmp_path, text, patterns={"up": r"up=(\d)"}, stop_signal="int", stop_grace="30s"), "old")
    assert told(host, ScriptEnded)[0].exit_code == 0
    assert caplog.records[-1].getMessage() == "closed"


@posix
def test_pause_suspends_it_and_resume_lets_it_go_on(tmp_path: Path) -> None:
    def pause(host: SteeredHost, value: float) -> None:
        host.order = Order.PAUSE if host.holds == 0 else Order.CANCEL

    states: list[str] = []
    host = SteeredHost({"tick:old": pause})
    host.holding = lambda host: states.append(settled_state(told(host, ScriptStarted)[0].pid))
    text = "import time\nn = 0\nwhile True:\n    n += 1\n    print(f'tick={n}', flush=True)\n    time.sleep(0.05)"
    host.run(script(tmp_path, text, patterns={"tick": r"tick=(\d+)"}), "old")
    assert states == ["T"]
    assert host.holds == 1
    assert len(host.samples["tick:old"]) > 1
    assert is_gone(told(host, ScriptStarted)[0].pid)


@posix
def test_one_that_is_cancelled_while_it_is_suspended_still_ends_in_its_own_way(tmp_path: Path) -> None:
    def pause(host: SteeredHost, value: float) -> None:
        host.order = Order.PAUSE

    def resume_to_end(host: SteeredHost) -> None:
        host.order = Order.CANCEL

    host = SteeredHost({"up:old": pause})
    host.holding = resume_to_end
    text = "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(5))\n"
    text += "print('up=1', flush=True)\ntime.sleep(600)"
    host.run(script(tmp_path, text, patterns={"up": r"up=(\d)"}, stop_grace="30s"), "old")
    (ended,) = told(host, ScriptEnded)
    assert (ended.exit_code, ended.asked) == (5, True)


@posix
def test_a_run_that_was_given_up_takes_its_script_with_it(tmp_path: Path) -> None:
    def give_up(host: SteeredHost, value: float) -> None:
        raise Superseded("old")

    host = SteeredHost({"up:old": give_up})
    text = "import time\nprint('up=1', flush=True)\ntime.sleep(600)"
    with pytest.raises(Superseded, match=r"^it was ended by signal 15 \(SIGTERM\)$"):
        host.run(script(tmp_path, text, patterns={"up": r"up=(\d)"}), "old")
    assert is_gone(told(host, ScriptStarted)[0].pid)


def test_a_silent_one_stops_beating_and_says_how_long_it_has_been_silent(tmp_path: Path) -> None:
    beats: list[int] = []

    def silent(host: SteeredHost, value: float) -> None:
        beats.append(host.beats)
        if len(beats) == 2:
            host.order = Order.CANCEL

    host = SteeredHost({"silence:old": silent})
    host.run(script(tmp_path, "import time\ntime.sleep(600)", alive="output within 100ms"), "old")
    assert beats[0] == beats[1]
    assert host.samples["silence:old"][0] > 0.1


def test_what_an_earlier_run_left_is_ended_before_the_next_begins(tmp_path: Path) -> None:
    host = MemoryHost()
    left = Tree(
        [sys.executable, "-c", "import pathlib, time; pathlib.Path('up').touch(); time.sleep(600)"],
        cwd=tmp_path,
        env=dict(os.environ),
        clock=SystemClock(),
        mark="left-by-a-killed-run",
    )
    with left:
        until((tmp_path / "up").exists)  # before that its environment, and so its mark, may not be seen
        host.position = {"mark": "left-by-a-killed-run"}
        host.run(script(tmp_path, "print('next')"), "old")
        assert not left.running
    assert host.position != {"mark": "left-by-a-killed-run"}


def test_its_mark_is_on_disk_before_it_is_started(tmp_path: Path) -> None:
    host = SteeredHost()
    host.run(script(tmp_path, "print('hello')"), "old")
    assert host.kept[0] is not None
    assert host.kept[0] == host.position


def test_a_context_tells_what_the_run_has_been_told() -> None:
    host = MemoryHost()
    context = Context("old", 1, host, host.clock)
    assert context.told() is Order.GO
    host.order = Order.PAUSE
    assert context.told() is Order.PAUSE
