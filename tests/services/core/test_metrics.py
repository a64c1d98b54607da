"""Metrics and what is read of them from events."""

import math
from datetime import UTC, datetime

import pytest

from services.core.events import Event, Recorded
from services.core.metrics import Better, Metric, Metrics, Observation, UnknownMetric
from services.core.samples import Rollup

AT = datetime(2026, 3, 1, tzinfo=UTC)
PATCHES = Metric("test.patch.success", "", "1 for a patch that held", Better.HIGHER, digits=2)


class PatchWatched(Event, name="test.patch.watched"):
    strategy: str
    held: bool


class Unrelated(Event, name="test.unrelated"):
    number: int


def watched(held: bool = True) -> Recorded:
    return Recorded(1, AT, "", PatchWatched("imports", held))


def held_patches(recorded: Recorded) -> list[Observation]:
    event = recorded.event
    assert isinstance(event, PatchWatched)
    return [Observation(PATCHES.name, float(event.held), recorded.at, event.strategy)]


def test_an_event_becomes_the_observations_its_service_reads_from_it():
    metrics = Metrics(PATCHES)
    metrics.observes(PatchWatched)(held_patches)
    assert metrics.extract(watched(held=False)) == [Observation(PATCHES.name, 0.0, AT, "imports")]
    assert metrics.extract(Recorded(2, AT, "", Unrelated(3))) == []


def test_a_function_that_raises_is_counted_and_the_others_go_on(caplog):
    metrics = Metrics(PATCHES)

    @metrics.observes(PatchWatched)
    def broken(recorded: Recorded) -> list[Observation]:
        raise KeyError("no such field")

    metrics.observes(PatchWatched)(held_patches)
    assert len(metrics.extract(watched())) == 1
    assert sum(metrics.faults.values()) == 1
    assert "could not read event 1" in caplog.text


def test_an_observation_of_an_undeclared_metric_is_a_fault_of_who_made_it():
    metrics = Metrics()
    metrics.observes(PatchWatched)(held_patches)
    assert metrics.extract(watched()) == []
    assert sum(metrics.faults.values()) == 1
    with pytest.raises(UnknownMetric):
        metrics["test.patch.success"]


def test_one_registry_takes_in_another_and_twice_does_no_harm():
    service, house = Metrics(PATCHES), Metrics()
    service.observes(PatchWatched)(held_patches)
    house.include(service)
    house.include(service)
    assert "test.patch.success" in house
    assert list(house) == [PATCHES]
    assert len(house.extract(watched())) == 1


def test_a_name_means_one_thing():
    with pytest.raises(ValueError, match="two meanings"):
        Metrics(PATCHES, Metric(PATCHES.name, "%", "something else"))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_observed(value):
    with pytest.raises(ValueError, match="no finite number"):
        Observation("m", value, AT)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        Observation("m", 1.0, AT.replace(tzinfo=None))


def test_a_second_of_samples_is_judged_by_its_worst():
    metrics = Metrics(PATCHES, Metric("test.drawdown", "", "a fall", Better.LOWER))
    second = int(AT.timestamp())
    fall = Rollup("test.drawdown:bot", second, count=3, total=0.4, least=0.0, greatest=0.3, last=0.1)
    assert metrics.sampled(fall) == Observation("test.drawdown", 0.3, AT, "bot")
    share = Rollup(PATCHES.name, second, count=2, total=1.5, least=0.5, greatest=1.0, last=1.0)
    assert metrics.sampled(share) == Observation(PATCHES.name, 0.5, AT, "")
    assert metrics.sampled(Rollup("test.price:bot", second, 1, 1.0, 1.0, 1.0, 1.0)) is None
