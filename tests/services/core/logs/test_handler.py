import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from services.core.logs import LineHandler, LogLine, Redactor, attach, decode, detach, encode, logging_as
from services.core.logs.line import LONGEST_TEXT
from tests.support.hands import NOON, Hands, line

log = logging.getLogger("services.test")


@pytest.fixture
def lines() -> Iterator[list[LogLine]]:
    taken: list[LogLine] = []
    redactor = Redactor()
    redactor.register("hunter2")
    handler = LineHandler(taken.append, Hands(), redactor)
    attach(handler)
    yield taken
    detach(handler)


def test_a_record_becomes_a_line_of_the_run_that_said_it(lines: list[LogLine]) -> None:
    with logging_as("run-7", "bot"):
        log.debug("candle %d", 3)
    log.info("outside")
    assert lines == [
        LogLine(NOON, "DEBUG", "bot", "candle 3", "run-7", "services.test", "candle %d"),
        LogLine(NOON, "INFO", "dreamscape", "outside", "", "services.test"),
    ]


def test_threads_do_not_speak_for_each_others_runs(lines: list[LogLine]) -> None:
    both_inside = threading.Barrier(2)

    def work(run: str) -> None:
        with logging_as(run, run):
            both_inside.wait()
            log.info("from %s", run)

    threads = [threading.Thread(target=work, args=(run,)) for run in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(said.run, said.text) for said in lines} == {("a", "from a"), ("b", "from b")}


def test_secrets_are_masked_in_messages_arguments_and_tracebacks(lines: list[LogLine]) -> None:
    log.info("key is %s", "hunter2")
    try:
        raise RuntimeError("refused hunter2")
    except RuntimeError:
        log.exception("it failed")
    log.info("hunter2 is %s", "it")
    assert "hunter2" not in repr(lines)
    assert "RuntimeError: refused" in lines[1].text


def test_arguments_that_change_later_are_logged_as_they_were(lines: list[LogLine]) -> None:
    basket = ["apple"]
    log.debug("holds %s", basket)
    basket.append("pear")
    assert lines[0].text == "holds ['apple']"


def test_a_message_that_does_not_fit_its_arguments_is_kept_as_it_is() -> None:
    taken: list[LogLine] = []
    record = logging.makeLogRecord({"msg": "%d candles", "args": ("three",), "levelname": "INFO"})
    LineHandler(taken.append, Hands(), Redactor()).handle(record)
    assert taken[0].text.startswith("'%d candles' does not fit its arguments ('three',)")


def test_a_text_without_end_is_cut(lines: list[LogLine]) -> None:
    log.info("x" * 10_000_000)
    assert len(lines[0].text) < LONGEST_TEXT + 20


def test_libraries_are_heard_from_warning_on(lines: list[LogLine]) -> None:
    library = logging.getLogger("some.library")
    library.debug("SELECT secret")
    library.warning("deprecated")
    assert [said.text for said in lines] == ["deprecated"]


def test_a_line_survives_being_sent() -> None:
    said = line("two\nlines “quoted”")
    assert decode(encode(said)) == said
    assert encode(said).count(b"\n") == 1


@pytest.mark.parametrize("torn", [b"", b'{"at": "2026', b"[]", b'{"at": 1}', b"\xff\x00"])
def test_a_torn_row_is_no_line(torn: bytes) -> None:
    assert decode(torn) is None


def test_a_line_cannot_steer_the_terminal() -> None:
    shown = line("\x1b[2J gone \x07", process="bot").for_people()
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_a_child_needs_neither_qt_nor_the_store_nor_the_file_writer_to_log() -> None:
    script = """
import sys, logging
from services.core.clock import SystemClock
from services.core.logs import LineHandler, Redactor, attach, encode
attach(LineHandler(lambda line: sys.stdout.buffer.write(encode(line)), SystemClock(), Redactor(), "child"))
logging.getLogger("services.x").debug("hello")
heavy = [name for name in sys.modules if name.split(".")[0] in ("PyQt6", "sqlalchemy", "app")]
logging.getLogger("services.x").info("%s", heavy)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=dict(os.environ))
    said = [decode(row) for row in done.stdout.splitlines()]
    assert [(each.process, each.level, each.text) for each in said if each] == [
        ("child", "DEBUG", "hello"),
        ("child", "INFO", "[]"),
    ]
