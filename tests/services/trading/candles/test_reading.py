"""Reading recorded candles, and refusing bad ones by row."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import feather, parquet

from services.core.errors import UserError
from services.trading.candles import Bars, Candle, read_bars, read_candles
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


def test_what_parquet_keeps_otherwise_than_as_doubles_is_read_too(tmp_path: Path) -> None:
    exact = pyarrow.array([Decimal("1.25"), Decimal("1.5")])
    whole = pyarrow.chunked_array([pyarrow.array([9, 2], pyarrow.int32())[1:], pyarrow.array([3], pyarrow.int32())])
    texts = pyarrow.array(["1.25", " 1.5"])
    columns = {"open": exact, "high": whole, "low": exact, "close": texts, "volume": pyarrow.array([0, 0])}
    parquet.write_table(pyarrow.table({"date": ["2026-01-01", "2026-01-02"], **columns}), tmp_path / "a.parquet")
    bars = read_bars(tmp_path / "a.parquet")
    assert (list(bars.opens), list(bars.highs), list(bars.closes)) == ([1.25, 1.5], [2.0, 3.0], [1.25, 1.5])


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
        (row(9, first=2.5), "row 2: open 2.5 lies outside low 1 to high 2"),
        (row(9, close=0.99999999999), "row 2: close 0.99999999999 lies outside low 1 to high 2"),
        (row(9, close="much"), "row 2: close is no number"),
        (row(9).replace("2026-01-01T00:09:00Z", ""), "row 2: no timestamp"),
    ],
)
def test_a_bad_row_is_refused_by_its_number(tmp_path: Path, second: str, fault: str) -> None:
    first = row(5)
    assert fault == refusal(tmp_path, first, second.replace("00:00:00", "00:05:00"))


def test_many_bad_rows_are_told_in_one_error(tmp_path: Path) -> None:
    told = refusal(tmp_path, *(row(minute, low=0) for minute in range(8)))
    assert told.startswith("row 1: low is 0, not above 0; row 2: ")
    assert told.endswith("; and 3 more")


@pytest.mark.parametrize("written", [b"\xf8\x00\xe5\nx,y\n", HEADER.encode("utf-16"), b"a,b\n\x00,\x00\n"])
def test_a_csv_that_is_no_text_is_told_in_one_line(
    tmp_path: Path, written: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_bytes(written)
    with pytest.raises(UserError, match=r"a\.csv: this is no text in UTF-8\. Save it as CSV in UTF-8\."):
        read_candles(tmp_path / "a.csv")
    assert capfd.readouterr().err == ""


def test_a_letter_that_goes_over_the_end_of_the_beginning_is_one(tmp_path: Path) -> None:
    start = HEADER.replace("volume", "volume,note") + row(0).replace("\n", ",")
    cut = start + "x" * (64 * 1024 - len(start) - 1)
    (tmp_path / "a.csv").write_text(f"{cut}\u00e9\n", encoding="utf-8")
    assert len(read_candles(tmp_path / "a.csv")) == 1


def test_a_file_that_is_no_table_of_candles_is_told(tmp_path: Path) -> None:
    assert "no column volume" in refusal(
        tmp_path, "2026-01-01T00:00:00Z,1,1,1,1\n", header="timestamp,open,high,low,close\n"
    )
    assert "holds no candle" in refusal(tmp_path)
    assert "column low stands there more than once" in refusal(tmp_path, header=HEADER.replace("high", "low,high"))
    assert "line 3 has 5 columns, where the header has 6" in refusal(tmp_path, row(0), row(5).replace(",1,2,", ",2,"))
    wrong = {"a.parquet": "cannot be read", "a.feather": "cannot be read", "a.xlsx": ".xlsx is not read"}
    for name, told in {**wrong, "none.csv": "there is no such file"}.items():
        if name in wrong:
            (tmp_path / name).write_text("no such format")
        with pytest.raises(UserError, match=told):
            read_candles(tmp_path / name)


def test_the_recorded_files_are_read_whole() -> None:
    counts = {"ETH-BTC_5m_2018-01": 5760, "BTC-PERP_1m_2022-01": 45031, "UNITTEST-BTC_1m_2017-11": 13681}
    for name, count in counts.items():
        bars = read_bars(recorded_folder() / f"{name}.parquet")
        assert len(bars) == count
        assert bars.candle(0).time.tzinfo is UTC
        assert Bars.of(bars.candles()) == bars
