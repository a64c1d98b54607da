"""Reading recorded candles, and refusing bad ones by row."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow
import pytest
from pyarrow import feather, parquet

from services.core.errors import UserError
from services.trading.candles import Candle, read_candles
from services.trading.generated import generate
from tests.support.candles import recorded_folder

HEADER = "timestamp,open,high,low,close,volume\n"
ROW = "2026-01-01T00:{minute:02}:00Z,{open},{high},{low},{close},{volume}\n"


def row(
    minute: int, *, first: object = 1, high: object = 2, low: object = 1, close: object = 2, volume: object = 5
) -> str:
    return ROW.format(minute=minute, open=first, high=high, low=low, close=close, volume=volume)


def refusal(tmp_path: Path, *rows: str, header: str = HEADER) -> str:
    path = tmp_path / "bad.csv"
    path.write_text(header + "".join(rows))
    with pytest.raises(UserError) as told:
        read_candles(path)
    assert told.value.where == str(path)
    assert told.value.mend
    return told.value.what


def test_csv_parquet_and_feather_give_the_same_candles(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + row(0) + row(5, close=1.5))
    wanted = read_candles(tmp_path / "a.csv")
    assert wanted[1] == Candle(datetime(2026, 1, 1, 0, 5, tzinfo=UTC), 1.0, 2.0, 1.0, 1.5, 5.0)
    names = ("open", "high", "low", "close", "volume")
    columns = {name: [getattr(candle, name) for candle in wanted] for name in names}
    times = pyarrow.array([candle.time for candle in wanted], pyarrow.timestamp("ns", "UTC"))
    table = pyarrow.table({"timestamp": times, **columns})
    parquet.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, str(tmp_path / "a.feather"))
    assert read_candles(tmp_path / "a.parquet") == read_candles(tmp_path / "a.feather") == wanted


def test_a_time_without_a_zone_is_utc(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + row(0).replace("Z", ""))
    assert read_candles(tmp_path / "a.csv")[0].time == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        (row(0), "row 2: 2026-01-01 00:05:00 stands there twice"),
        (row(0).replace("00:00:00", "00:01:00"), "row 2: 2026-01-01 00:01:00 comes after 2026-01-01 00:05:00"),
        (row(9, close="nan"), "row 2: close is no number"),
        (row(9, first=""), "row 2: open is no number"),
        (row(9, low=0), "row 2: low is 0, not above 0"),
        (row(9, first=-1), "row 2: open is -1, not above 0"),
        (row(9, high=1, low=2), "row 2: high 1 is below low 2"),
        (row(9, high="inf"), "row 2: high is no number"),
        (row(9, volume=-1), "row 2: volume is no number of 0 or more"),
    ],
)
def test_a_bad_row_is_refused_by_its_number(tmp_path: Path, second: str, fault: str) -> None:
    first = row(5)
    assert fault == refusal(tmp_path, first, second.replace("00:00:00", "00:05:00"))


def test_many_bad_rows_are_told_in_one_error(tmp_path: Path) -> None:
    told = refusal(tmp_path, *(row(minute, low=0) for minute in range(8)))
    assert told.startswith("row 1: low is 0, not above 0; row 2: ")
    assert told.endswith("; and 3 more")


def test_a_file_that_is_no_table_of_candles_is_told(tmp_path: Path) -> None:
    assert "no column volume" in refusal(
        tmp_path, "2026-01-01T00:00:00Z,1,1,1,1\n", header="timestamp,open,high,low,close\n"
    )
    assert "holds no candle" in refusal(tmp_path)
    assert "column close" in refusal(tmp_path, row(0, close="much"))
    assert "do not say their unit" in refusal(tmp_path, row(0).replace("2026-01-01T00:00:00Z", "1767225600"))
    assert "column timestamp" in refusal(tmp_path, row(0).replace("2026-01-01T00:00:00Z", "yesterday"))
    for name in ("a.parquet", "a.feather", "a.xlsx", "none.csv"):
        if name != "none.csv":
            (tmp_path / name).write_text("no such format")
        with pytest.raises(UserError):
            read_candles(tmp_path / name)


def test_the_recorded_files_are_read_whole() -> None:
    counts = {"ETH-BTC_5m_2018-01": 5760, "BTC-PERP_1m_2022-01": 45031, "UNITTEST-BTC_1m_2017-11": 13681}
    for name, count in counts.items():
        candles = read_candles(recorded_folder() / f"{name}.parquet")
        assert len(candles) == count
        assert candles[0].time.tzinfo is UTC


def test_the_recorded_trades_are_no_candles() -> None:
    with pytest.raises(UserError, match="no column open, high, low, close, volume"):
        read_candles(recorded_folder() / "XRP-ETH_trades_2019-10.parquet")


def test_the_generated_set_is_the_same_each_time_and_valid() -> None:
    one = generate(timedelta(minutes=5), 1e-8, 500)
    assert one == generate(timedelta(minutes=5), 1e-8, 500)
    assert one != generate(timedelta(minutes=5), 1e-8, 500, seed=8)
    assert all(c.low <= min(c.open, c.close) <= max(c.open, c.close) <= c.high for c in one)
    assert all(before.close == after.open for before, after in pairwise(one))
    assert one[100].close == 0.01007123
