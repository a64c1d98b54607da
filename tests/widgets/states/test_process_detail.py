"""One process in full: how it stands and why, what comes next, and how its runs ended."""

from collections.abc import Iterator

import pytest

from tests.support.bustle import House, busy_house
from widgets.states.process_detail import ProcessDetail, process_detail


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    made = busy_house(tmp_path_factory.mktemp("busy"))
    yield made
    made.program.close()


def detail(house: House, name: str) -> ProcessDetail:
    found = process_detail(house.view, name)
    assert found is not None
    return found


def figure(shown: ProcessDetail, name: str) -> str:
    return next(each.value for each in shown.figures if each.name == name)


def test_a_name_that_is_not_known_has_no_detail(house):
    assert process_detail(house.view, "nobody") is None


def test_work_under_way_has_progress_and_the_time_that_is_left(house):
    shown = detail(house, "macd-eth-btc")
    assert (shown.headline, dict(shown.texts)["Why"]) == ("Running", "it is new here")
    assert dict(shown.texts)["Doing now"] == "waiting for the next candle"
    assert figure(shown, "Progress") == "17%"
    assert figure(shown, "Time left") == "about 12 min"
    assert shown.under_way


def test_a_pause_says_by_whom_and_since_when(house):
    shown = detail(house, "price-mirror")
    assert shown.headline == "Paused by you"
    assert shown.since == "since 09:02, 6 s"
    assert dict(shown.texts)["Why"] == "holds at a checkpoint, by you"
    assert figure(shown, "Time left") == "—"
    assert shown.under_way


def test_a_failure_says_what_why_and_what_to_do(house):
    shown = detail(house, "billing-api")
    assert shown.trouble is not None
    assert shown.trouble.why.startswith("there is no interpreter: set")
    assert shown.trouble.what_to_do == "Mend the cause, then press Run now."
    assert "Why" not in dict(shown.texts)
    assert not shown.under_way


def test_one_that_comes_back_says_when_and_what_broke(house):
    shown = detail(house, "mentions-stream")
    assert shown.headline.startswith("Restarting ")
    assert dict(shown.texts)["Why"].endswith("stream closed by the other side (104), by the watchdog")
    assert ", in " in figure(shown, "Next start")
    assert figure(shown, "Restarts") == "1"
    assert shown.trouble is None


def test_the_runs_have_how_they_ended_newest_first(house):
    (run,) = detail(house, "paging").runs
    assert (run.result, run.took, run.why) == ("Finished", "50 s", "every 1m30s")
    (failed,) = detail(house, "mentions-stream").runs
    assert (failed.result, failed.shape) == ("Failed", "bad")
    assert "ConnectionResetError" in failed.traceback
    (under_way,) = detail(house, "walk-forward").runs
    assert (under_way.result, under_way.took) == ("Under way", "3 min")
