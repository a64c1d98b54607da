"""Samples become roll-ups of the second, the minute and the day, in memory as on disk."""

from pathlib import Path

import pytest

from services.core.samples import DAY, MINUTE, Rollup, Samples, combine
from services.core.samples.files import MINUTES, SECONDS, SampleFiles

EPOCH = 1_780_000_000 - 1_780_000_000 % DAY
"""A midnight."""


def ramp(samples: Samples, files: SampleFiles, start: int, end: int, step: int = 1) -> None:
    """One sample in each ``step`` seconds, rolled up and kept as the engine does it."""
    for second in range(start, end):
        if second % step == 0:
            samples.put("equity", float(second - EPOCH))
        files.write(samples.roll(second), second + 1)


def test_a_second_is_told_by_its_number_sum_extremes_and_last():
    samples = Samples()
    for value in (3.0, 1.0, 2.0, float("nan")):
        samples.put("x", value)
    assert samples.roll(7) == [Rollup("x", 7, 3, 6.0, 1.0, 3.0, 2.0)]
    assert samples.roll(8) == []
    assert samples.last("x") == Rollup("x", 7, 3, 6.0, 1.0, 3.0, 2.0)


@pytest.mark.parametrize("step", [1, 7, 50])
def test_minutes_in_memory_are_those_on_disk_at_every_moment(tmp_path: Path, step: int):
    samples, files = Samples(), SampleFiles(tmp_path)
    moments = (EPOCH + 59, EPOCH + 60, EPOCH + 61, EPOCH + 245, EPOCH + 300)
    start = EPOCH
    for moment in moments:
        ramp(samples, files, start, moment, step)
        start = moment
        known = files.read_known("equity", EPOCH, moment, MINUTES)
        assert list(samples.minutes("equity", EPOCH, moment)) == known
        assert [each.at for each in known] == list(range(EPOCH, moment - MINUTE + 1, MINUTE))


def test_a_minute_is_the_sum_of_its_seconds(tmp_path: Path):
    samples, files = Samples(), SampleFiles(tmp_path)
    ramp(samples, files, EPOCH, EPOCH + 60)
    seconds = files.read("equity", EPOCH, EPOCH + 59, SECONDS)
    assert files.read("equity", EPOCH, EPOCH + 59, MINUTES) == combine(seconds, MINUTE)
    assert (seconds[0].mean, seconds[-1].last) == (0.0, 59.0)


def test_a_minute_is_kept_although_nothing_more_is_told_in_the_next(tmp_path: Path):
    samples, files = Samples(), SampleFiles(tmp_path)
    samples.put("equity", 1.0)
    files.write(samples.roll(EPOCH + 5), EPOCH + 6)
    files.write([], EPOCH + 60)
    assert [each.at for each in files.read("equity", EPOCH, EPOCH + 60, MINUTES)] == [EPOCH]


def test_after_a_restart_memory_knows_what_it_knew(tmp_path: Path):
    before, files = Samples(remember=120), SampleFiles(tmp_path)
    ramp(before, files, EPOCH, EPOCH + 400)
    before.put("rare", 5.0)
    files.write(before.roll(EPOCH + 400), EPOCH + 401)
    now = EPOCH + 401
    after, again = Samples(remember=120), SampleFiles(tmp_path)
    recent = (now - after.remember) // MINUTE * MINUTE
    again.close(now)
    after.recall(
        again.read_all(now - DAY, recent - 1, MINUTES), again.read_all(recent, now), again.last_of_all(now - DAY, now)
    )
    assert after.recent("equity", now - 120) == before.recent("equity", now - 120)
    assert after.minutes("equity", EPOCH, now) == before.minutes("equity", EPOCH, now)
    assert after.last("rare") == before.last("rare")


def test_what_is_asked_of_dropped_seconds_is_told_by_minutes(tmp_path: Path):
    samples, files = Samples(), SampleFiles(tmp_path)
    ramp(samples, files, EPOCH, EPOCH + 180)
    assert files.drop_old(EPOCH + 4 * DAY) == [tmp_path / f"seconds-{_day(EPOCH)}.db"]
    known = files.read_known("equity", EPOCH, EPOCH + 170, SECONDS)
    assert [each.at for each in known] == [EPOCH, EPOCH + 60]
    assert files.last("equity", EPOCH, EPOCH + 170) == known[-1]


def test_the_last_value_is_found_on_the_day_before(tmp_path: Path):
    files = SampleFiles(tmp_path)
    files.write([Rollup("x", EPOCH - 10, 1, 4.0, 4.0, 4.0, 4.0)], EPOCH - 9)
    files.write([Rollup("y", EPOCH + 10, 1, 5.0, 5.0, 5.0, 5.0)], EPOCH + 11)
    found = files.last("x", EPOCH - DAY, EPOCH + 20)
    assert found is not None
    assert found.last == 4.0
    assert {each.metric for each in files.last_of_all(EPOCH - DAY, EPOCH + 20)} == {"x", "y"}


def _day(second: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d}"


def test_a_sparse_metric_keeps_no_more_than_its_time():
    samples = Samples(remember=60)
    for second in range(0, 600, 20):
        samples.put("rare", 1.0)
        samples.roll(second)
    assert [each.at for each in samples.recent("rare", 0)] == [520, 540, 560, 580]
