"""What the program measures of itself."""

import pytest

from app.wiring.rules.metrics import house_metrics
from services.core.events import Recorded
from services.orchestrator.events import Result, RunEnded
from tests.support.hands import NOON


@pytest.mark.parametrize(
    ("result", "values"),
    [(Result.FINISHED, [0.0]), (Result.FAILED, [1.0]), (Result.MISCONFIGURED, []), (Result.LOST, [])],
)
def test_a_run_that_could_not_begin_for_a_mistake_in_its_file_is_no_failed_run(
    result: Result, values: list[float]
) -> None:
    ended = RunEnded("bot", 1, result, "", 1.0)
    assert [each.value for each in house_metrics().extract(Recorded(1, NOON, "bot", ended))] == values
