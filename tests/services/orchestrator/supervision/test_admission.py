"""Starts that wait go by priority, within the limit of their service."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.orchestrator.supervision.admission import Start, admit

starts = st.lists(
    st.builds(Start, st.integers(0, 9), st.floats(0, 100), st.text("abc", min_size=1), st.sampled_from("xyz"))
)
counts = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 5))


def test_the_urgent_goes_first_and_equals_in_the_order_of_their_coming() -> None:
    late, early, urgent = Start(5, 2, "late", "x"), Start(5, 1, "early", "x"), Start(0, 3, "urgent", "x")
    assert admit([late, early, urgent], {}, {"x": 2}) == [urgent, early]


def test_a_full_service_holds_up_no_other() -> None:
    waits, goes = Start(0, 0, "waits", "x"), Start(9, 0, "goes", "y")
    assert admit([waits, goes], {"x": 1}, {"x": 1, "y": 1}) == [goes]


@given(starts, counts, counts)
def test_limits_are_kept_and_no_place_stays_empty(
    waiting: list[Start], running: dict[str, int], limits: dict[str, int]
) -> None:
    admitted = admit(waiting, running, limits)
    taken = Counter(start.service for start in admitted)
    wanted = Counter(start.service for start in waiting)
    for service in "xyz":
        free = max(0, limits[service] - running.get(service, 0)) if service in limits else wanted[service]
        assert taken[service] == min(free, wanted[service])


@given(starts, counts)
def test_nobody_is_overtaken_within_a_service(waiting: list[Start], limits: dict[str, int]) -> None:
    admitted = admit(waiting, {}, limits)
    left = list(waiting)
    for start in admitted:
        left.remove(start)
    for start in left:
        assert all(other <= start for other in admitted if other.service == start.service)
