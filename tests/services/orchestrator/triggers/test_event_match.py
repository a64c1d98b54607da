"""Events as triggers: a name and conditions on what it says."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.events import Event, Recorded
from services.orchestrator.triggers.event_match import Condition
from services.orchestrator.triggers.trigger import OnEvent


class SuiteEnded(Event, name="test.suite.ended"):
    failed: int
    suite: str = "nightly"
    green: bool = False
    counts: dict[str, int] | None = None


def fits(event: Event, name: str = "test.suite.ended", **where: Any) -> bool:
    conditions = tuple(Condition.parse(field.replace("__", "."), value) for field, value in where.items())
    return OnEvent(name, conditions).matches(Recorded(1, datetime(2026, 11, 21, tzinfo=UTC), "", event))


def test_the_name_alone_suffices() -> None:
    assert fits(SuiteEnded(0))
    assert not fits(SuiteEnded(0), name="test.suite.started")


@pytest.mark.parametrize(
    ("written", "fitting", "others"),
    [
        (">0", [1, 2], [0]),
        (">=2", [2, 3], [1]),
        ("< 2", [0, 1], [2]),
        ("<=2", [2], [3]),
        ("!=0", [1], [0]),
        ("==3", [3], [2]),
        (3, [3], [4]),
    ],
)
def test_numbers_are_compared(written: Any, fitting: list[int], others: list[int]) -> None:
    assert all(fits(SuiteEnded(count), failed=written) for count in fitting)
    assert not any(fits(SuiteEnded(count), failed=written) for count in others)


def test_text_and_truth_are_equal_or_not() -> None:
    assert fits(SuiteEnded(1, "smoke"), suite="smoke")
    assert not fits(SuiteEnded(1, "smoke"), suite="!=smoke")
    assert fits(SuiteEnded(1, green=True), green=True)


def test_all_conditions_hold_or_none_does() -> None:
    assert fits(SuiteEnded(2, "smoke"), failed=">0", suite="smoke")
    assert not fits(SuiteEnded(2, "smoke"), failed=">0", suite="nightly")


def test_dots_reach_into_what_is_nested() -> None:
    assert fits(SuiteEnded(1, counts={"flaky": 2}), counts__flaky=">1")
    assert not fits(SuiteEnded(1), counts__flaky=">1")


def test_a_field_that_is_not_there_or_has_no_order_fulfils_nothing() -> None:
    assert not fits(SuiteEnded(1), missing=">0")
    assert not fits(SuiteEnded(1), suite=">0")
    assert fits(SuiteEnded(1), missing="!=0")


def test_an_order_of_words_is_refused() -> None:
    with pytest.raises(ValueError, match="compares with no number"):
        Condition.parse("suite", ">nightly")


@given(st.one_of(st.booleans(), st.integers(), st.text(), st.none(), st.floats(allow_nan=False)))
def test_what_is_written_reads_back(value: Any) -> None:
    try:
        condition = Condition.parse("field", value)
    except ValueError:
        return
    assert Condition.parse("field", condition.written) == condition
