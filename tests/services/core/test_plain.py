"""What comes from outside steers no terminal and turns no line."""

import json
import logging

import pytest

from services.core.logs import LineHandler, LogLine, Redactor
from services.core.plain import escaped, plain
from tests.support.manual_clock import START, ManualClock

TURNED = "paid \u202e001\u202c \x1b[2Jdone\u2066!\u2069"


def test_what_steers_is_replaced_and_text_of_any_script_is_kept() -> None:
    assert plain(TURNED) == "paid \ufffd001\ufffd \ufffd[2Jdone\ufffd!\ufffd"
    for kept in ("tab\tand\nline", "שלום \u200fעולם", "naïve — “quoted” 漢字 🙂"):
        assert plain(kept) == kept


def test_a_json_document_says_the_same_and_steers_nothing() -> None:
    told = escaped(json.dumps({"what": TURNED}, ensure_ascii=False))
    assert json.loads(told) == {"what": TURNED}
    assert told.isprintable()


def test_neither_the_log_nor_what_a_terminal_shows_of_it_is_turned(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[LogLine] = []
    handler = LineHandler(taken.append, ManualClock(), Redactor())
    handler.emit(logging.LogRecord("bot", logging.INFO, "", 0, TURNED, (), None))
    assert taken[0].text == plain(TURNED)
    assert LogLine(START, "INFO", "a\u202eb", TURNED).for_people().isprintable()
