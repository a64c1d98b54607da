"""Windows: a child is asked to end before it is killed, and its job is given back."""

import os
import sys

import pytest

from services.core.clock import SystemClock
from services.core.durations import seconds
from services.core.sandbox import Ending, Line, Tree, scrub

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="consoles and jobs of Windows")
HEEDS = (
    "import signal,sys,time; signal.signal(signal.SIGBREAK, lambda *a: (print('asked', flush=True), sys.exit(7)))\n"
    "print('up', flush=True)\nwhile True: time.sleep(0.05)"
)


def test_a_child_that_handles_a_console_break_ends_by_itself() -> None:
    lines: list[Line] = []
    argv = [sys.executable, "-c", HEEDS]
    with Tree(argv, cwd=".", env=scrub(os.environ), clock=SystemClock(), grace=seconds(20)) as child:

        def hear(line: Line) -> None:
            lines.append(line)
            child.cancel()

        ended = child.follow(hear)
    assert (ended.how, ended.code) == (Ending.CANCELLED, 7)
    assert [line.text for line in lines] == ["up", "asked"]


def test_a_job_that_was_given_back_has_no_members() -> None:
    child = Tree([sys.executable, "-c", "pass"], cwd=".", env=scrub(os.environ), clock=SystemClock())
    with child:
        child.follow(lambda line: None)
    child.kill()
    assert child.end() == frozenset()
