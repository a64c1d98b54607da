"""The list of processes is narrowed by filter and words, and the same live and past."""

from collections.abc import Iterator

import pytest

from app.wiring.projections import KINDS
from services.core.projections.views import past_view
from tests.support.bustle import House, busy_house
from widgets.states.process_detail import process_detail
from widgets.states.process_list import processes_state


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    made = busy_house(tmp_path_factory.mktemp("busy"))
    yield made
    made.program.close()


def named(house: House, wanted: str = "all", search: str = "") -> list[str]:
    return [line.name for line in processes_state(house.view, wanted, search).lines]


def test_all_stand_by_service_and_name(house):
    assert named(house)[:4] == ["billing-api", "paging", "build-in-public", "mentions-stream"]
    state = processes_state(house.view, "trading")
    assert state.services == ("debugger", "engagement", "scripts", "system", "trading")
    assert (len(state.lines), state.total) == (2, 9)


def test_the_counts_are_over_all_whatever_is_shown(house):
    every, narrowed = processes_state(house.view), processes_state(house.view, "attention", "nothing has this")
    assert narrowed.lines == ()
    assert narrowed.counts == every.counts
    assert (every.counts["all"], every.counts["attention"], every.counts["scripts"]) == (9, 2, 2)


def test_every_word_that_is_searched_for_must_be_there(house):
    assert named(house, search="TRADING macd") == ["macd-eth-btc"]
    assert named(house, search="paused") == ["price-mirror"]
    assert named(house, search="interpreter one") == ["billing-api"]
    assert named(house, "attention", "stream closed") == ["mentions-stream"]


def test_what_waits_says_how_it_ended_and_when_it_is_due(house):
    lines = {line.name: line for line in processes_state(house.view).lines}
    assert lines["paging"].doing == "finished 09:02, took 50 s"
    assert lines["paging"].next_word == "in 24 s"
    assert lines["weekly review"].doing == "has not run yet"
    assert lines["macd-eth-btc"].next is None


def test_what_was_shown_is_found_again_by_its_moment(house):
    engine = house.program.engine
    past = past_view(engine.projections, engine.files, engine.clock.now(), KINDS)
    assert processes_state(past) == processes_state(house.view)
    for line in processes_state(past).lines:
        assert process_detail(past, line.name) == process_detail(house.view, line.name)
