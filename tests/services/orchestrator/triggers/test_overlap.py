"""What happens to a run that is due while another is under way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orchestrator.triggers.overlap import Action, Overlap, Standing, on_due

standings = st.builds(Standing, active=st.integers(0, 20), queued=st.integers(0, 20), paused=st.booleans())


@pytest.mark.parametrize("mode", list(Overlap))
def test_with_nothing_under_way_it_starts(mode: Overlap) -> None:
    assert on_due(mode, Standing(), most=3).action is Action.START


@pytest.mark.parametrize(
    ("mode", "action"),
    [
        (Overlap.SINGLE, Action.DROP),
        (Overlap.RESTART, Action.REPLACE),
        (Overlap.QUEUED, Action.QUEUE),
        (Overlap.PARALLEL, Action.START),
    ],
)
def test_with_one_under_way_each_mode_does_what_it_is_called(mode: Overlap, action: Action) -> None:
    assert on_due(mode, Standing(active=1), most=3).action is action


@pytest.mark.parametrize("mode", [Overlap.SINGLE, Overlap.RESTART, Overlap.PARALLEL])
def test_what_is_paused_is_neither_started_nor_replaced(mode: Overlap) -> None:
    answer = on_due(mode, Standing(active=1, paused=True), most=3)
    assert answer.action is Action.DROP
    assert answer.because == "it is paused"


def test_a_queue_keeps_what_comes_due_during_a_pause() -> None:
    assert on_due(Overlap.QUEUED, Standing(paused=True), most=3).action is Action.QUEUE


def test_one_replacement_at_a_time() -> None:
    assert on_due(Overlap.RESTART, Standing(active=1, queued=1), most=3).action is Action.DROP


@given(standings, st.integers(1, 10))
def test_bounds_are_kept(standing: Standing, most: int) -> None:
    if on_due(Overlap.QUEUED, standing, most).action is Action.QUEUE:
        assert standing.queued < most
    if on_due(Overlap.PARALLEL, standing, most).action is Action.START:
        assert standing.active + standing.queued < most


@given(st.sampled_from([Overlap.SINGLE, Overlap.RESTART, Overlap.QUEUED]), standings)
def test_only_parallel_starts_beside_another(mode: Overlap, standing: Standing) -> None:
    if on_due(mode, standing, 5).action is Action.START:
        assert standing == Standing()


@given(st.sampled_from(Overlap), standings, st.integers(1, 10))
def test_every_answer_has_a_reason(mode: Overlap, standing: Standing, most: int) -> None:
    assert on_due(mode, standing, most).because
