import logging
import os
import queue
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from app.logs import Logs, follow, read_tail
from app.logs.file import LogFile, rotated
from app.logs.outbox import Outbox
from services.core.logs import LogLine, encode, logging_as
from tests.support.hands import Hands, line

log = logging.getLogger("services.test")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dreamscape.log"


@pytest.fixture
def logs(path: Path) -> Iterator[Logs]:
    logs = Logs(path, Hands()).start()
    yield logs
    logs.close()


def texts(path: Path, n: int = 1000, process: str | None = None) -> list[str]:
    return [said.text for said in read_tail(path, n, process)]


def test_what_was_logged_is_in_the_file_when_the_log_is_closed(path: Path, logs: Logs) -> None:
    log.debug("thinking")
    for number in range(15):
        log.info("trade %d", number)
    logs.close()
    assert texts(path) == [f"trade {number}" for number in range(15)]
    assert logs.counts().written == 15
    log.info("after the end")
    assert len(texts(path)) == 15


def test_the_reason_of_an_alarm_is_redacted_wherever_it_is_written(path: Path, logs: Logs) -> None:
    logs.hide("correct-horse-battery")
    logs.alarm("bot", "run-7", "no beat while it asked https://me:correct-horse-battery@host, api_key=abcdef")
    logs.close()
    written = "".join(file.read_text(encoding="utf-8") for file in path.parent.iterdir())
    assert "no beat while it asked" in written
    assert "correct-horse-battery" not in written
    assert "abcdef" not in written


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_log_is_closed_to_others(path: Path, logs: Logs) -> None:
    log.info("x")
    logs.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_error_writes_the_ring_into_a_file_of_its_own_and_says_which(path: Path, logs: Logs) -> None:
    with logging_as("run-7", "bot"):
        log.debug("the cause")
        log.error("broken")
        log.debug("after it")
    logs.close()
    (ring,) = path.parent.glob("ring-*.log")
    assert "run-7" in ring.name
    assert texts(ring) == ["the cause", "broken"]
    written = texts(path)
    assert "after it" in written
    assert f"2 lines that led to its error are in {ring.name}" in written
    assert sum("broken" in text for text in written) == 1, "it is told once"


def test_a_stall_that_no_line_has_told_of_is_told_with_its_ring(path: Path, logs: Logs) -> None:
    log.info("calm")
    logs.alarm("window", "", "it stood still")
    logs.close()
    assert any(text.endswith(": it stood still") for text in texts(path))


def test_lines_of_a_child_are_recorded_like_our_own_and_redacted(path: Path, logs: Logs) -> None:
    logs.hide("hunter2")
    logs.receive(line("calm", "DEBUG", "child", "c1"))
    logs.receive(line("lost hunter2", "ERROR", "child", "c1"))
    logs.close()
    (ring,) = path.parent.glob("ring-*.log")
    assert texts(ring)[0] == "calm"
    assert all(b"hunter2" not in file.read_bytes() for file in path.parent.iterdir())
    assert logs.escalated("c1")


def test_a_warning_is_on_disk_before_the_call_returns(path: Path, logs: Logs) -> None:
    seen: list[list[str]] = []

    def work() -> None:
        log.warning("low on cash")
        seen.append(texts(path))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [["low on cash"]]


def test_a_warning_outlives_a_program_that_dies_right_after(path: Path) -> None:
    script = f"""
import logging, os, pathlib, signal, threading
from app.logs import Logs
from services.core.clock import SystemClock
Logs(pathlib.Path({str(path)!r}), SystemClock()).start()
def work():
    logging.getLogger("services.x").warning("last words")
    os._exit(9)
threading.Thread(target=work).start()
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, env=dict(os.environ), capture_output=True)
    assert done.returncode == 9, done.stderr
    assert texts(path) == ["last words"]


def test_subscribers_get_batches_of_what_is_written(logs: Logs) -> None:
    batches: queue.Queue[tuple[LogLine, ...]] = queue.Queue()
    end = logs.subscribe(batches.put)
    log.info("for the window")
    assert [said.text for said in batches.get(timeout=30)] == ["for the window"]
    end()
    log.info("for nobody")
    logs.close()
    assert batches.empty()


def test_a_faulty_subscriber_is_detached_and_costs_the_others_nothing(path: Path, logs: Logs) -> None:
    got: queue.Queue[tuple[LogLine, ...]] = queue.Queue()
    calls: list[int] = []

    def faulty(batch: tuple[LogLine, ...]) -> None:
        calls.append(len(batch))
        raise RuntimeError("no window")

    logs.subscribe(faulty)
    logs.subscribe(got.put)
    log.info("something")
    while "was detached" not in got.get(timeout=30)[-1].text:
        pass
    logs.close()
    assert len(calls) == 3
    assert texts(path)[0] == "something"
    assert "a log subscriber raised RuntimeError('no window') and was detached" in texts(path)


def test_many_threads_lose_no_line(path: Path, logs: Logs) -> None:
    def work(name: str) -> None:
        with logging_as(name, name):
            for number in range(200):
                log.info(f"{name} says {'x' * number}")

    threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logs.close()
    for name in (f"t{number}" for number in range(8)):
        assert texts(path, 10_000, name) == [f"{name} says {'x' * number}" for number in range(200)]
    assert logs.counts().dropped == 0


def test_a_disk_that_refuses_loses_lines_that_are_counted_and_told(path: Path, logs: Logs) -> None:
    batches: queue.Queue[tuple[LogLine, ...]] = queue.Queue()
    logs.subscribe(batches.put)
    path.mkdir()  # nothing can be appended to a folder
    log.info("nowhere to go")
    batches.get(timeout=30)
    path.rmdir()
    log.info("works again")
    logs.close()
    assert logs.counts().lost == 1
    written = texts(path)
    assert written[0] == "works again"
    assert any(text.startswith("1 line could not be written") for text in written)


def test_the_file_is_rotated_by_size_and_the_oldest_goes(path: Path) -> None:
    file = LogFile(path, most_bytes=300, keep=2)
    for number in range(30):
        file.append(encode(line(f"line {number}")))
    file.close()
    assert [each.name for each in rotated(path)][-1] == "dreamscape.log.2"
    assert not path.with_name("dreamscape.log.3").exists()
    shown = texts(path, 100)
    assert shown[-1] == "line 29"
    assert shown == [f"line {number}" for number in range(30 - len(shown), 30)]
    assert texts(path, 3) == shown[-3:]


def test_a_torn_row_costs_only_itself(path: Path) -> None:
    path.write_bytes(encode(line("before")) + b'{"at":"2026-11-21T12:0')
    file = LogFile(path)
    file.append(encode(line("after")))
    file.close()
    assert texts(path) == ["before", "after"]


def test_the_tail_of_a_long_file_is_exact_over_block_borders(path: Path) -> None:
    said = [line(f"{number} {'é' * (number % 500)}", process="ab"[number % 2]) for number in range(1000)]
    path.write_bytes(b"".join(map(encode, said)))
    assert list(read_tail(path, 400)) == said[-400:]
    assert list(read_tail(path, 10, "a")) == [each for each in said if each.process == "a"][-10:]
    assert read_tail(path.with_name("none.log"), 5) == ()


def test_the_tail_up_to_a_moment_is_exact_wherever_in_the_files_it_lies(path: Path) -> None:
    start = line("").at
    said = [
        structs.replace(line(f"{number} {'é' * (number % 500)}"), at=start + timedelta(seconds=number))
        for number in range(1000)
    ]
    path.with_name(f"{path.name}.1").write_bytes(b"".join(map(encode, said[:300])))
    path.write_bytes(b"".join(map(encode, said[300:])))
    assert path.stat().st_size > 3 * 65_536, "there are blocks to choose from"
    for second in range(0, 1000, 37):
        assert list(read_tail(path, 50, until=start + timedelta(seconds=second))) == said[: second + 1][-50:]
    assert read_tail(path, 50, until=start - timedelta(seconds=1)) == ()


def test_following_begins_at_the_call_and_goes_on_over_rotations(path: Path) -> None:
    file = LogFile(path, most_bytes=400, keep=5)
    file.append(encode(line("before")))
    stop = threading.Event()
    lines = follow(path, stop, "bot", poll=0.001)
    for number in range(8):
        file.append(encode(line("another's", process="other")) + encode(line(f"line {number}")))
        assert next(lines).text == f"line {number}"
    assert len(rotated(path)) > 2
    stop.set()
    assert list(lines) == []
    file.close()


def test_following_waits_for_a_log_that_is_not_there_yet(path: Path) -> None:
    lines = follow(path, threading.Event(), poll=0.001)
    file = LogFile(path)
    file.append(encode(line("first")))
    assert next(lines).text == "first"
    lines.close()  # type: ignore[attr-defined]
    file.close()


def test_a_full_queue_drops_debug_first_then_info_and_counts() -> None:
    outbox = Outbox(capacity=3)
    for text, level in [("d1", "DEBUG"), ("i1", "INFO"), ("d2", "DEBUG"), ("w1", "WARNING"), ("i2", "INFO")]:
        outbox.put(line(text, level))
    assert outbox.dropped() == {"debug": 2, "info": 0, "warning": 0}
    outbox.put(line("d3", "DEBUG"))
    outbox.put(line("w2", "ERROR"))
    assert [said.text for said in outbox.take_all(0)] == ["w1", "i2", "w2"]
    assert outbox.dropped() == {"debug": 3, "info": 1, "warning": 0}
