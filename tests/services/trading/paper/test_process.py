"""The trading process alone: what it trades, tells and remembers."""

from itertools import accumulate
from pathlib import Path

import pytest
import yaml

from services.core.process import ConfigurationFault
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.fills import Side
from services.trading.generated import generate
from services.trading.paper.broker import PaperBroker
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from tests.support.candles import BAR, candles_of, recorded_folder
from tests.support.host import MemoryHost, told
from tests.support.replays import COUNT, host_at, save, trader
from tests.support.strategies import DEFAULT, strategy_text


def test_a_session_tells_its_label_trades_and_ends(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    (started,), (ended,) = told(host, SessionStarted), told(host, SessionEnded)
    assert (started.label, started.candles, started.session) == ("recorded: c.csv", COUNT, 1)
    fills = told(host, Filled)
    assert [fill.side for fill in fills[:4]] == [Side.BUY, Side.SELL, Side.BUY, Side.SELL]
    assert ended.fills == len(fills) == PaperBroker(tmp_path / "paper.db").received()
    assert ended.fees == pytest.approx(sum(fill.fee for fill in fills))
    assert host.samples["trading.equity:bot"][-1] == ended.equity
    assert len(host.samples["trading.price:bot"]) == len(host.samples["trading.pnl_percent:bot"]) == COUNT
    assert (host.progress.done, host.progress.total) == (COUNT, COUNT)


def test_a_session_tells_what_its_money_leaves_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save(tmp_path, candles_of([1.0 + 0.01 * (index % 3) for index in range(60)]))
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", market={"kind": "perpetual", "tick": 0.004}))
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    (started,) = told(host, SessionStarted)
    assert started.notes == (
        "funding not included: the candles have no column funding_rate",
        "20 opens lie between ticks of 0.004; fills are rounded to the nearest",
    )
    assert all(note in caplog.text for note in started.notes)


def test_the_fall_from_the_peak_is_shown_at_every_candle(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    equity, falls = host.samples["trading.equity:bot"], host.samples["trading.drawdown:bot"]
    (started,) = told(host, SessionStarted)
    peaks = list(accumulate(equity, max, initial=started.capital))[1:]
    assert max(falls) > 0
    assert falls == pytest.approx([1 - now / peak for now, peak in zip(equity, peaks, strict=True)])


def test_the_brokers_books_and_ours_agree(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    last = told(host, Filled)[-1]
    balance = PaperBroker(tmp_path / "paper.db").balance(host.acts[0].account)  # type: ignore[attr-defined]
    assert balance is not None
    assert (balance.cash, balance.held) == (last.cash, last.held)


def test_a_signal_fills_at_the_next_open_with_a_tick_of_slippage(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    candles = {candle.time: candle for candle in generate(BAR, 1e-8, COUNT)}
    for fill in told(host, Filled):
        slip = 1e-8 if fill.side is Side.BUY else -1e-8
        assert fill.price == round(candles[fill.candle + BAR].open + slip, 8), "on the grid of prices"


def test_a_strategy_may_fill_at_the_close_of_the_bar_that_decided(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", fill="close", slippage={"ticks": 0}))
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    candles = {candle.time: candle for candle in generate(BAR, 1e-8, COUNT)}
    assert told(host, Filled)
    assert all(fill.price == candles[fill.candle].close for fill in told(host, Filled))


def test_recorded_eth_btc_gives_the_known_returns(tmp_path: Path) -> None:
    """The measured figures that made the fill a convention: -51.0 % at the next open, -68.1 % at the close."""
    for fill, wanted in (("next_open", -51.0), ("close", -68.1)):
        (tmp_path / "s.yaml").write_text(strategy_text(fill=fill, sizing={"percent": 100}))
        host = MemoryHost({PlaceOrder: PlaceOnPaper(tmp_path / f"{fill}.db")})
        host.run(trader(tmp_path, data=str(recorded_folder())), "bot")
        assert round(told(host, SessionEnded)[0].pnl_percent, 1) == wanted


@pytest.mark.parametrize("recorded", [False, True])
def test_the_strategy_that_comes_with_the_program_trades_through_its_candles_without_its_own_stop(
    tmp_path: Path, recorded: bool
) -> None:
    """Whoever tries it sees fills and losses as they are, and not first of all a latched stop."""
    (stop,) = yaml.safe_load((DEFAULT.parents[1] / "rules" / "drawdown.yaml").read_text(encoding="utf-8"))
    host = host_at(tmp_path)
    host.run(ReplayTrader(str(DEFAULT), str(recorded_folder()) if recorded else None, speed=0), "bot")
    assert stop["metric"] == "trading.drawdown"
    assert 0.05 < max(host.samples["trading.drawdown:bot"]) < stop["fire"]["above"] - 0.02
    assert len(told(host, Filled)) > 400


def test_what_is_too_small_to_place_is_declined_with_the_reason(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path, capital=0.0005), "bot")
    assert {event.why.partition(" minimum")[0] for event in told(host, OrderDeclined)} == {"the notional is below the"}
    assert PaperBroker(tmp_path / "paper.db").received() == 0


def test_it_waits_for_each_candle_at_its_speed(tmp_path: Path) -> None:
    save(tmp_path, candles_of([1.0 + 0.01 * (index % 3) for index in range(36)]))
    host = host_at(tmp_path)
    host.run(trader(tmp_path, speed=200.0), "bot")
    assert set(host.waits) == {"the next candle"}
    assert len(told(host, SessionEnded)) == 1


def test_configuration_mistakes_are_faults_that_no_restart_mends(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv").replace("fast:", "fsat:"))
    with pytest.raises(ConfigurationFault, match=r"s\.yaml:\d+:\d+: there is no key 'fsat'. Write 'fast'"):
        host_at(tmp_path).run(trader(tmp_path))
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv"))
    with pytest.raises(ConfigurationFault, match="capital is -1"):
        host_at(tmp_path).run(trader(tmp_path, capital=-1))
    save(tmp_path, candles_of([1.0, 2.0])[::-1])
    with pytest.raises(ConfigurationFault, match=r"c\.csv: row 2: .* comes after"):
        host_at(tmp_path).run(trader(tmp_path))


def test_a_strategy_that_asks_for_more_history_than_there_is_does_not_begin(tmp_path: Path) -> None:
    save(tmp_path, candles_of([1.0, 1.1, 1.2]))
    with pytest.raises(ConfigurationFault, match="macd_cross speaks from bar 35 on, and there are 3"):
        host_at(tmp_path).run(trader(tmp_path))


@pytest.mark.parametrize("latency, share", [("1m", 0.2), ("150s", 0.5)])
def test_on_candles_a_latency_goes_as_far_towards_the_bars_worst_price_as_it_is_of_the_bar(
    tmp_path: Path, latency: str, share: float
) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path, latency=latency), "bot")
    candles = {candle.time: candle for candle in generate(BAR, 1e-8, COUNT)}
    assert len(told(host, Filled)) > 5
    for fill in told(host, Filled):
        bar, way = candles[fill.candle + BAR], 1 if fill.side is Side.BUY else -1
        worst = bar.high if way > 0 else bar.low
        assert fill.price == pytest.approx(bar.open + share * (worst - bar.open) + way * 1e-8, abs=0.51e-8)
        assert fill.priced.startswith("latency of ")


def test_without_recorded_data_it_says_that_its_candles_are_generated(tmp_path: Path) -> None:
    host = host_at(tmp_path, end_after=400)
    host.run(trader(tmp_path, data=None), "bot")
    assert told(host, SessionStarted)[0].label == "generated"
    assert host.acts[0].what.endswith("on paper (generated)")
    assert host.progress.doing == "replaying ETH/BTC, generated"
