"""Processes start after those they depend on."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orchestrator.definitions.dependencies import Cycle, start_order, unknown, waits_for


def test_each_starts_after_what_it_names() -> None:
    after = {"bot": ["feed", "store"], "feed": ["store"], "store": [], "alone": []}
    order = start_order(after)
    assert order.index("store") < order.index("feed") < order.index("bot")


def test_a_ring_is_told_with_all_its_names() -> None:
    with pytest.raises(Cycle) as caught:
        start_order({"a": ["b"], "b": ["c"], "c": ["a"], "d": []})
    assert set(caught.value.ring) == {"a", "b", "c"}
    assert caught.value.ring[0] == caught.value.ring[-1]
    ring = caught.value.ring
    after = {"a": "b", "b": "c", "c": "a"}
    assert all(after[one] == other for one, other in pairwise(ring))
    assert "none of them could ever start" in str(caught.value)


def test_a_name_that_nothing_bears_is_told_with_the_nearest() -> None:
    assert unknown({"bot": ["fed"], "feed": []}) == {"bot": ["no process is called 'fed'; did you mean 'feed'?"]}


def test_what_is_waited_for_is_what_is_not_ready() -> None:
    assert waits_for("bot", {"bot": ["feed", "store"]}, ready={"store"}) == ["feed"]


@given(st.dictionaries(st.integers(0, 12), st.sets(st.integers(0, 12))))
def test_without_rings_there_is_always_an_order(edges: dict[int, set[int]]) -> None:
    after = {f"{name:02}": [f"{each:02}" for each in wanted if each < name] for name, wanted in edges.items()}
    order = start_order(after)
    assert sorted(order) == sorted(after)
    for name, wanted in after.items():
        assert all(order.index(each) < order.index(name) for each in wanted if each in after)
