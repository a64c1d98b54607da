"""How a file may write its times."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from services.core.errors import UserError
from services.trading.candles.moments import NO_TIME, microseconds_of
from services.trading.candles.times import times_of

FIRST = datetime(2026, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)
SECOND = FIRST + timedelta(minutes=5)
SECONDS = 1767225600.25
WANTED = [microseconds_of(FIRST), microseconds_of(SECOND)]
EAST = timezone(timedelta(hours=2))


def times(values: list[Any], kind: Any = None) -> list[int]:
    return list(times_of(pyarrow.chunked_array([pyarrow.array(values, kind)]), Path("a.csv")))


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
def test_numbers_since_1970_tell_their_unit_by_their_size(unit: int) -> None:
    whole = [time - time % 10**6 for time in WANTED]
    assert times([time * unit // 10**6 for time in whole]) == whole


def test_seconds_may_have_a_fraction_and_lie_far_off() -> None:
    assert times([SECONDS, SECONDS + 300]) == WANTED
    assert times([microseconds_of(datetime(1973, 4, 1, tzinfo=UTC)) // 10**6]) == [102_470_400 * 10**6]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_a_column_of_timestamps_is_read_in_any_unit_and_zone(unit: str, zone: str | None) -> None:
    whole = [FIRST.replace(microsecond=0), SECOND.replace(microsecond=0)]
    assert times(whole, pyarrow.timestamp(unit, zone)) == [w - 250_000 for w in WANTED]


def test_a_column_of_days_begins_each_at_midnight_utc() -> None:
    assert times([date(2026, 1, 1)]) == [microseconds_of(datetime(2026, 1, 1, tzinfo=UTC))]


@pytest.mark.parametrize(
    "texts",
    [
        [FIRST.isoformat(), SECOND.isoformat()],
        [FIRST.isoformat().replace("+00:00", "Z"), SECOND.isoformat().replace("+00:00", "Z")],
        [FIRST.isoformat(sep=" ").replace("+00:00", ""), SECOND.isoformat(sep=" ").replace("+00:00", "")],
        [FIRST.astimezone(EAST).isoformat(), SECOND.astimezone(EAST).isoformat()],
        [FIRST.isoformat(), SECOND.astimezone(EAST).isoformat()],
        ["20260101T000000.250Z", " 2026-01-01T00:05:00.250Z"],
    ],
)
def test_text_is_utc_or_says_its_zone(texts: list[str]) -> None:
    assert times(texts) == times(texts, pyarrow.large_string()) == WANTED


def test_a_row_without_a_time_keeps_its_place() -> None:
    assert times([None, 1767225600]) == times([None, "2026-01-01T00:00Z"]) == [NO_TIME, WANTED[0] - 250_000]
    assert times([None, None]) == times([None, None], pyarrow.timestamp("ns")) == [NO_TIME, NO_TIME]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1767225600, 1767225600000], "row 2: 1767225600000 is a time in milliseconds, where the rows above are in se"),
        ([1767225600, 17], "row 2: 17 is no time since 1970 in seconds"),
        ([-1767225600], "row 1: -1767225600 is no time"),
        ([float("inf")], "row 1: inf is no time"),
        (["2026-01-01T00:00Z", "2026-01-01T00:05"], "row 2: '2026-01-01T00:05' has no zone, where the rows above have"),
        (["2026-01-01T00:00", "2026-01-01T00:05Z"], "row 2: '2026-01-01T00:05Z' has a zone, where the rows above have"),
        (["2026-01-01T00:00Z", "yesterday"], "row 2: 'yesterday' is no time"),
        (["2026-02-30"], "row 1: '2026-02-30' is no time"),
        ([True], "row 1: 'true' is no time"),
    ],
)
def test_what_is_no_time_or_of_two_kinds_is_told_by_row(values: list[Any], told: str) -> None:
    with pytest.raises(UserError) as refused:
        times(values)
    assert refused.value.what.startswith(told)
    assert refused.value.where == "a.csv"
    assert "2018-01-10T04:55:00Z" in refused.value.mend
