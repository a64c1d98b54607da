"""What a script's output says is read within bounds, and a wrong pattern is told."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orchestrator.scripts.output import LONGEST, Patterns, Reading, check_pattern, clean, level_of


def test_progress_as_done_of_total_with_what_is_being_done() -> None:
    patterns = Patterns({"progress": r"Epoch (?P<done>\d+)/(?P<total>\d+): (?P<doing>.+)"})
    assert patterns.read("Epoch 3/10: training") == Reading(3, 10, "training")


def test_progress_as_a_percentage() -> None:
    assert Patterns({"progress": r"(\d+)%"}).read("[####    ] 42%") == Reading(42, 100)


def test_progress_without_a_total() -> None:
    assert Patterns({"progress": r"row (?P<done>[\d,]+)"}).read("row 12,345") == Reading(12345, None)


def test_metrics_by_name() -> None:
    patterns = Patterns({"loss": r"loss=([\d.]+)", "rate": r"rate=(?P<value>-?[\d.e+-]+)(/s)?"})
    assert patterns.read("loss=0.25 rate=1e3/s").metrics == (("loss", 0.25), ("rate", 1000.0))


def test_what_is_no_number_tells_nothing() -> None:
    assert Patterns({"loss": r"loss=(\S+)"}).read("loss=none") == Reading()


@pytest.mark.parametrize(
    ("name", "pattern", "told"),
    [
        ("loss", "loss=(", "no regular expression at character 6"),
        ("loss", "loss=.*", "does not show which part is the number"),
        ("loss", "(a)(b)", r"write \(\?P<value>"),
        ("progress", "(a)(b)", r"write \(\?P<done>"),
    ],
)
def test_a_wrong_pattern_is_told(name: str, pattern: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_pattern(name, pattern)


@pytest.mark.parametrize(
    ("text", "from_stderr", "level"),
    [
        ("hello", False, logging.INFO),
        ("hello", True, logging.WARNING),
        ("2026-11-21 INFO started", True, logging.INFO),
        ("[ERROR] no", False, logging.ERROR),
        ("DEBUG:root:x", True, logging.DEBUG),
        ("WARN x", False, logging.WARNING),
        ("the information is", False, logging.INFO),
    ],
)
def test_a_line_has_the_level_it_names_else_that_of_its_stream(text: str, from_stderr: bool, level: int) -> None:
    assert level_of(text, from_stderr) == level


def test_colours_and_control_characters_are_taken_out() -> None:
    assert clean("\x1b[31mred\x1b[0m \x1b]0;title\x07bell\x07") == "red bell"
    assert clean("paid \u202e001") == "paid 001"


@given(st.text(max_size=6 * LONGEST // 2))
def test_a_line_is_bounded_and_printable(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST
    assert "\x1b" not in cleaned
