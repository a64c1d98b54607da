from datetime import UTC, datetime, timedelta

import pytest

from services.core.logs import LogLine
from widgets.parts.log.lines import LogFilter, dropped, shown

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TRACEBACK = 'fill refused\nTraceback (most recent call last):\n  File "bot.py", line 3\nValueError: no price'


def line(level: str = "INFO", process: str = "trend", text: str = "order filled", later: float = 0) -> LogLine:
    return LogLine(AT + timedelta(seconds=later), level, process, text, run="trend:4", logger="services.trading")


def test_the_list_has_the_first_line_and_the_rest_is_kept():
    told = shown(line("ERROR", text=TRACEBACK))
    assert told.text == "fill refused"
    assert told.whole == TRACEBACK


def test_an_unknown_level_is_shown_as_info():
    assert shown(line("NOTICE")).level == "INFO"


@pytest.mark.parametrize(
    ("wanted", "passing"),
    [
        (LogFilter(), ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]),
        (LogFilter("WARNING"), ["WARNING", "ERROR", "CRITICAL"]),
        (LogFilter("ERROR"), ["ERROR", "CRITICAL"]),
    ],
)
def test_a_level_passes_itself_and_what_is_graver(wanted, passing):
    lines = [shown(line(level)) for level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")]
    assert [each.level for each in lines if wanted.accepts(each)] == passing


def test_a_word_is_found_in_the_traceback_too():
    told = shown(line("ERROR", text=TRACEBACK))
    assert LogFilter(needle=" valueerror ").accepts(told)
    assert not LogFilter(needle="keyerror").accepts(told)


def test_only_lines_of_the_process_pass():
    assert LogFilter(process="trend").accepts(shown(line()))
    assert not LogFilter(process="trend").accepts(shown(line(process="trend 2")))


def test_lines_that_stand_for_others_say_so():
    assert "were counted" in shown(line(text="12 similar suppressed: order filled")).note
    lost = LogLine(AT, "WARNING", "dreamscape", "40 lines were dropped: the log's queue was full")
    assert "lost" in shown(lost).note
    assert dropped(1204, AT).text.startswith("1,204 lines were dropped here")
    assert shown(line()).note == ""
