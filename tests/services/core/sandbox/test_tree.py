"""A foreign child is followed line by line, and ended with all that it started."""

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.durations import minutes, seconds
from services.core.sandbox import CannotStart, Ended, Ending, Line, Stream, Tree, end_strays, scrub
from tests.support.manual_clock import ManualClock

posix = pytest.importorskip("services.core.sandbox.posix") if sys.platform != "win32" else None
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells and signals of POSIX")
CLOCK = SystemClock()
IMPATIENT = seconds(0.2)
STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def tree(*argv: str, cwd: Path | str = ".", grace: timedelta = IMPATIENT, **more: object) -> Tree:
    return Tree(argv, cwd=cwd, env=scrub(os.environ), clock=CLOCK, grace=grace, **more)  # type: ignore[arg-type]


def python(code: str, **more: object) -> Tree:
    return tree(sys.executable, "-c", code, **more)  # type: ignore[arg-type]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_output_arrives_as_lines_of_both_streams_and_the_exit_code_is_told():
    lines: list[Line] = []
    with python("import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)") as child:
        ended = child.follow(lines.append)
    assert Line(Stream.OUT, "one") in lines
    assert Line(Stream.ERR, "two") in lines
    assert (ended.code, ended.how) == (3, Ending.EXITED)


def test_a_last_line_without_an_end_and_bytes_that_are_no_text_arrive_too():
    lines: list[Line] = []
    with python(r"import os; os.write(1, b'a\r\n\xff\xfe end')") as child:
        child.follow(lines.append)
    assert [line.text for line in lines] == ["a", "\ufffd\ufffd end"]


def test_an_endless_line_is_cut_at_the_bound_and_the_next_one_is_whole():
    lines: list[Line] = []
    with python("print('x' * 5_000_000); print('next')", longest=100) as child:
        child.follow(lines.append)
    assert lines == [Line(Stream.OUT, "x" * 100, whole=5_000_000), Line(Stream.OUT, "next")]


def test_records_travel_on_a_descriptor_of_their_own():
    lines: list[Line] = []
    with python("import os; os.write(int(os.environ['RECORDS']), b'r1\\n'); print('o')", channel="RECORDS") as child:
        child.follow(lines.append)
    assert set(lines) == {Line(Stream.CHANNEL, "r1"), Line(Stream.OUT, "o")}


def test_a_child_that_ignores_sigterm_is_killed_at_the_deadline():
    with python(STUBBORN) as child:
        ended = child.follow(lambda line: None, deadline=seconds(0.3))
    assert ended.how is Ending.DEADLINE
    assert ended.code == -9


def test_cancel_from_another_thread_ends_the_tree_with_its_stubborn_grandchildren():
    pids: list[int] = []
    code = (
        f"import subprocess,sys,time; c=subprocess.Popen([sys.executable,'-c',{STUBBORN!r}],stdout=subprocess.PIPE);"
        "c.stdout.readline(); print(c.pid, flush=True); time.sleep(600)"
    )
    ended = []

    def own() -> None:
        with python(code) as child:
            told.append(child)
            ended.append(child.follow(lambda line: (pids.append(int(line.text)), up.set())[0]))

    told: list[Tree] = []
    up = threading.Event()
    owner = threading.Thread(target=own)
    owner.start()
    assert up.wait(30)
    told[0].cancel()
    owner.join(30)
    assert ended[0].how is Ending.CANCELLED
    assert not ended[0].survivors
    assert not alive(pids[0])


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="sessions are followed through /proc")
def test_a_grandchild_in_a_session_of_its_own_whose_parent_has_ended_is_found_too():
    pids: list[int] = []
    code = (
        f"import subprocess,sys; c=subprocess.Popen([sys.executable,'-c',{STUBBORN!r}],start_new_session=True,"
        "stdout=subprocess.PIPE); c.stdout.readline(); print(c.pid, flush=True)"
    )
    with python(code) as child:
        ended = child.follow(lambda line: pids.append(int(line.text)))
    assert ended.how is Ending.EXITED
    assert not alive(pids[0])


def test_a_child_asked_to_end_may_still_say_much_within_its_grace():
    lines: list[Line] = []
    code = (
        "import signal,sys,time\n"
        "def bye(*_): print('x' * 1_000_000 + '\\nbye', flush=True); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, bye); print('up', flush=True); time.sleep(600)"
    )
    with python(code, grace=seconds(30)) as child:
        ended = child.follow(lambda line: (lines.append(line), child.cancel())[0])
    assert lines[-1].text == "bye"
    assert ended.code == 0


def test_what_heed_raises_ends_the_tree():
    def heed() -> None:
        raise InterruptedError("told to end")

    with pytest.raises(InterruptedError), python(STUBBORN) as child:
        child.follow(lambda line: None, heed)
    assert not alive(child.pid)


def test_a_tree_within_a_tree_ends_with_the_outer_one():
    pids: list[int] = []
    inner = (
        f"import os,sys; sys.path.insert(0, {str(Path.cwd())!r})\n"
        "from services.core.clock import SystemClock; from services.core.sandbox import Tree\n"
        f"t = Tree([sys.executable, '-c', {STUBBORN!r}], cwd='.', env=os.environ, clock=SystemClock())\n"
        "print(t.pid, flush=True); t.follow(lambda line: None)"
    )
    with python(inner) as child:
        child.follow(lambda line: (pids.append(int(line.text)), child.cancel())[0])
    assert not alive(pids[0])


def test_strays_of_a_killed_run_are_found_by_their_mark():
    child = python(STUBBORN, mark="stray-under-test-1")
    assert end_strays("stray-under-test-1", SystemClock()) == 1
    with child:
        pass
    assert end_strays("stray-under-test-1", SystemClock()) == 0


class HearingTakesTime(SystemClock):
    """A second passes with each line that is heard."""

    heard = 0

    def hear(self, line: Line) -> None:
        self.heard += 1

    def monotonic(self) -> float:
        return super().monotonic() + self.heard


def test_the_time_that_it_takes_to_hear_a_child_out_counts_against_its_deadline():
    clock = HearingTakesTime()
    argv = (sys.executable, "-c", "while True: print('on and on' * 10)")
    with Tree(argv, cwd=".", env=scrub(os.environ), clock=clock, grace=seconds(1)) as child:
        assert child.follow(clock.hear, deadline=seconds(20_000)).how is Ending.DEADLINE
    assert clock.heard < 26_000, "the deadline, and some of what a pipe still holds"


@pytest.mark.skipif(not Path("/bin/ps").exists(), reason="there is no ps")
def test_where_no_environment_can_be_read_strays_are_found_by_their_leader(tmp_path, monkeypatch):
    monkeypatch.setattr(posix, "_PROC", tmp_path)  # as on a system without it
    with python(STUBBORN, mark="stray-under-test-2") as child:
        known = child.leader
        assert known.startswith(f"{child.pid} ")
        assert end_strays("stray-under-test-2", CLOCK, f"{child.pid} Thu Jan 1 00:00:00 1970") == 0, "another's by now"
        assert end_strays("stray-under-test-2", CLOCK, known) == 1
    assert end_strays("stray-under-test-2", CLOCK, known) == 0


def test_a_command_that_is_not_there_says_so():
    with pytest.raises(CannotStart, match="no-such-program cannot be started: No such file"):
        tree("/no-such-program")


def test_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(CannotStart, match="gone is not a folder"):
        tree(sys.executable, cwd=tmp_path / "gone")


def test_a_deadline_and_a_grace_are_waited_for_on_the_clock(tmp_path):
    clock = ManualClock()
    lines: list[Line] = []
    ended: list[Ended] = []
    announced = clock.work()
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    argv = (sys.executable, "-c", STUBBORN.replace("time.sleep", f"open({str(gate)!r}, 'w').close(); time.sleep"))

    def own() -> None:
        with announced, Tree(argv, cwd=".", env=scrub(os.environ), clock=clock, grace=seconds(20)) as child:
            ended.append(child.follow(lines.append, deadline=minutes(2)))

    owner = threading.Thread(target=own)
    owner.start()
    gate.read_bytes()
    clock.advance(seconds(119))
    assert (lines, ended) == ([Line(Stream.OUT, "up")], [])
    clock.advance(minutes(1))
    owner.join(30)
    assert (ended[0].how, ended[0].code) == (Ending.DEADLINE, -9)


@pytest.mark.skipif(not Path("/bin/ps").exists(), reason="there is no ps")
def test_where_proc_is_missing_ps_tells_the_same_members():
    with python(STUBBORN) as child:
        rows = {row.pid: row for row in posix._from_ps()}
        assert rows[child.pid] == next(row for row in posix._from_proc() if row.pid == child.pid)
