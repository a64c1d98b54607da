"""Bars made of recorded trades."""

from array import array
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import UserError
from services.trading.candles import Bars, Candle, Trades, bars_of, checked, read_bars, read_candles, read_trades
from tests.support.candles import recorded_folder

MINUTE = timedelta(minutes=1)
HEADER = "timestamp,id,side,price,amount\n"


def trades_of(*rows: tuple[float, float, float]) -> Trades:
    """Trades at so many seconds since 1970."""
    times, prices, amounts = zip(*rows, strict=True)
    return Trades(array("q", (round(time * 10**6) for time in times)), array("d", prices), array("d", amounts))


def refusal(tmp_path: Path, *rows: str, header: str = HEADER) -> str:
    (tmp_path / "t.csv").write_text(header + "".join(f"{row}\n" for row in rows))
    with pytest.raises(UserError) as told:
        read_trades(tmp_path / "t.csv")
    assert (told.value.where, bool(told.value.mend)) == (str(tmp_path / "t.csv"), True)
    return told.value.what


def test_a_bar_opens_at_its_whole_minute_and_a_minute_without_trades_has_none() -> None:
    made = bars_of(trades_of((0, 5, 1), (59.999999, 7, 2), (60, 6, 3), (240.5, 4, 0.5), (241, 8, 0.25)), MINUTE)
    at = [datetime(1970, 1, 1, 0, minute, tzinfo=UTC) for minute in (0, 1, 4)]
    assert list(made.candles()) == [
        Candle(at[0], 5, 7, 5, 7, 3),
        Candle(at[1], 6, 6, 6, 6, 3),
        Candle(at[2], 4, 8, 4, 8, 0.75),
    ]


def test_bars_of_weeks_open_on_mondays_and_bars_of_days_at_midnight_utc() -> None:
    friday = trades_of((datetime(2026, 11, 20, 23, 59, tzinfo=UTC).timestamp(), 1, 1))
    assert bars_of(friday, timedelta(weeks=1)).candle(0).time == datetime(2026, 11, 16, tzinfo=UTC)
    assert bars_of(friday, timedelta(days=1)).candle(0).time == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_bar_of_no_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no bar"):
        bars_of(trades_of((0, 1, 1)), timedelta(0))


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.01, 1e6), st.floats(0.001, 1e3)), min_size=1).map(sorted),
    st.sampled_from([timedelta(seconds=1), MINUTE, timedelta(hours=4), timedelta(days=1)]),
)
def test_no_trade_is_lost_and_every_bar_is_a_sound_one(
    rows: list[tuple[float, float, float]], timeframe: timedelta
) -> None:
    trades = trades_of(*rows)
    made = checked(bars_of(trades, timeframe), "made")
    assert sum(made.volumes) == pytest.approx(sum(trades.amounts), rel=1e-12)
    assert (made.opens[0], made.closes[-1]) == (trades.prices[0], trades.prices[-1])
    assert (max(made.highs), min(made.lows)) == (max(trades.prices), min(trades.prices))
    length = timeframe // timedelta(microseconds=1)
    assert set(made.times) == {time - time % length for time in trades.times}


def test_the_recorded_trades_make_the_recorded_bars_to_the_last_digit() -> None:
    folder = recorded_folder()
    recorded = read_bars(folder / "XRP-ETH_1m_2019-10.parquet")
    trades = read_trades(folder / "XRP-ETH_trades_2019-10.parquet")
    assert (len(trades), len(recorded)) == (12477, 2469)
    assert bars_of(trades, MINUTE) == recorded


def test_a_file_of_trades_is_no_file_of_candles_and_says_what_to_ask_for(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("time,price,qty\n2026-01-01T00:00Z,1,1\n")
    with pytest.raises(UserError, match=r"these are trades, not candles\. Ask for bars of them, such as --bars 1m"):
        read_candles(tmp_path / "t.csv")
    assert len(read_trades(tmp_path / "t.csv")) == 1


def test_a_bad_trade_is_refused_by_its_number(tmp_path: Path) -> None:
    first = "2026-01-01T00:00:01Z,a,buy,1,1"
    assert refusal(tmp_path, first, "2026-01-01T00:00:00Z,b,buy,1,1").startswith("row 2: 2026-01-01 00:00:00 comes aft")
    assert refusal(tmp_path, first, "2026-01-01T00:00:01Z,b,buy,0,1") == "row 2: price is 0, not above 0"
    assert refusal(tmp_path, first, "2026-01-01T00:00:01Z,b,buy,1,nan") == "row 2: amount is no number"
    assert refusal(tmp_path, first, ",b,buy,1,1") == "row 2: no timestamp"
    assert refusal(tmp_path, first, first) == "row 2: the trade a stands there twice"
    assert refusal(tmp_path) == "it holds no trade"
    assert refusal(tmp_path, header="timestamp,price\n") == "no column amount"


def test_columns_of_several_lengths_are_no_bars_and_no_trades() -> None:
    with pytest.raises(ValueError, match="differ"):
        Trades(array("q", [1]), array("d"), array("d"))
    with pytest.raises(ValueError, match="differ"):
        Bars(array("q", [1]), *(array("d") for _ in range(5)))
