"""Backoff spreads, grows, is bounded, and gives up for a while when it does not help."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.core.durations import minutes, seconds
from services.core.process import Restart
from services.orchestrator.units.backoff import (
    History,
    Intensity,
    Open,
    Retry,
    after_failure,
    backoff,
    ceiling,
    healthy_after,
)

POLICY = Restart(first=seconds(1), factor=2, cap=minutes(1), at_most=3, within=minutes(10), half_open=minutes(15))
OVERALL = Intensity(at_most=6, within=minutes(10))
policies = st.builds(
    Restart,
    first=st.timedeltas(timedelta(0), timedelta(hours=1)),
    factor=st.floats(1, 100),
    cap=st.timedeltas(timedelta(0), timedelta(days=1)),
    at_most=st.integers(0, 10),
    within=st.timedeltas(seconds(1), timedelta(hours=1)),
)


def restarts(*times: float) -> History:
    history = History()
    for time in times:
        history = history.restarted(time, minutes(10))
    return history


@given(policies, st.integers(0, 100_000), st.integers())
def test_a_wait_is_between_nothing_and_the_cap(policy: Restart, failures: int, seed: int) -> None:
    assert 0 <= backoff(policy, failures, Random(seed)) <= policy.cap.total_seconds()


@given(policies, st.integers(0, 1000))
def test_the_longest_wait_never_shrinks_as_failures_go_on(policy: Restart, failures: int) -> None:
    assert ceiling(policy, failures) <= ceiling(policy, failures + 1) * (1 + 1e-12)


def test_the_longest_waits_double_up_to_the_cap() -> None:
    assert [ceiling(POLICY, failures) for failures in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_waits_are_spread_over_the_whole_range() -> None:
    rng = Random(7)
    drawn = [backoff(POLICY, 6, rng) for _ in range(2000)]
    assert min(drawn) < 3
    assert max(drawn) > 57
    assert 27 < sum(drawn) / len(drawn) < 33


def test_too_many_restarts_open_the_circuit_and_say_so() -> None:
    own, answer = after_failure(restarts(0, 10, 20), History(), POLICY, OVERALL, 30, Random(1))
    assert own.open
    assert answer == Open(900, "3 restarts within 10 min, as many as are allowed")


def test_fewer_restarts_or_older_ones_are_tried_again() -> None:
    for history, now in ((restarts(0, 10), 30.0), (restarts(0, 10, 20), 605.0)):
        own, answer = after_failure(history, History(), POLICY, OVERALL, now, Random(1))
        assert isinstance(answer, Retry)
        assert not own.open


def test_all_processes_together_may_open_it_too() -> None:
    _, answer = after_failure(restarts(0), restarts(*range(6)), POLICY, OVERALL, 30, Random(1))
    assert isinstance(answer, Open)
    assert "of all processes together" in answer.because


def test_a_try_that_fails_while_the_circuit_is_open_leaves_it_open_however_long_ago_the_rest_was() -> None:
    opened, _ = after_failure(restarts(0, 10, 20), History(), POLICY, OVERALL, 30, Random(1))
    again, answer = after_failure(opened, History(), POLICY, OVERALL, 5000, Random(1))
    assert again.open
    assert isinstance(answer, Open)


def test_health_closes_the_circuit_and_forgets_the_failures() -> None:
    opened, _ = after_failure(restarts(0, 10, 20), History(), POLICY, OVERALL, 30, Random(1))
    healed = opened.healthy()
    own, answer = after_failure(healed, History(), POLICY, OVERALL, 2000, Random(1))
    assert isinstance(answer, Retry)
    assert answer.wait <= 1
    assert not own.open


@given(st.lists(st.floats(0, 10_000), max_size=40).map(sorted), policies)
def test_the_circuit_opens_exactly_when_the_window_is_full(times: list[float], policy: Restart) -> None:
    history = History()
    for time in times:
        history = history.restarted(time, policy.within)
    now = times[-1] if times else 0.0
    inside = sum(1 for time in times if now - time < policy.within.total_seconds())
    _, answer = after_failure(history, History(), policy, Intensity(10**6), now, Random(1))
    assert isinstance(answer, Open) == (inside >= policy.at_most)


def test_health_takes_a_minute_or_ten_beats() -> None:
    assert healthy_after(seconds(1)) == 60
    assert healthy_after(seconds(30)) == 300
