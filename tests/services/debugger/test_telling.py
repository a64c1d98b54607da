"""What is wrong with a suite is said in a few words of its own."""

import pytest

from services.debugger.suite.outcomes import Broken, How, Outcome, SuiteRun, TestEnded
from services.debugger.telling import amiss


def run(*outcomes: Outcome, broken: int = 0, how: How = How.COMPLETE) -> SuiteRun:
    tests = tuple(TestEnded(f"test_{place}", outcome, 0.1) for place, outcome in enumerate(outcomes))
    files = tuple(Broken(f"test_{place}.py", "SyntaxError") for place in range(broken))
    return SuiteRun(how, tests, files, len(tests), 0, 1.0)


@pytest.mark.parametrize(
    ("suite", "words"),
    [
        (run(Outcome.PASSED, Outcome.SKIPPED), ""),
        (run(Outcome.PASSED, Outcome.FAILED, Outcome.FAILED), "2 failed"),
        (run(Outcome.FAILED, Outcome.ERROR), "1 failed, 1 broke in set-up or tear-down"),
        (run(Outcome.PASSED, broken=1), "1 file not collected"),
        (run(broken=2), "2 files not collected"),
        (run(how=How.EMPTY), "no tests found"),
        (run(Outcome.FAILED, how=How.DEADLINE), "tests not done in time"),
        (run(how=How.CUT), "test run broke off"),
    ],
)
def test_each_way_to_be_red_has_its_own_word(suite: SuiteRun, words: str) -> None:
    assert amiss(suite) == words


def test_no_way_to_be_no_verdict_is_without_a_word() -> None:
    assert all(amiss(run(how=how)) for how in How if how is not How.COMPLETE)
