"""One session of a trader after another: by a loop, and by another run."""

from pathlib import Path

import pytest

from services.trading.events import Filled, SessionEnded, SessionStarted
from services.trading.paper.broker import PaperBroker
from tests.support.candles import candles_of
from tests.support.host import told
from tests.support.replays import COUNT, host_at, save, trader, undisturbed


def test_a_loop_begins_a_new_session_with_fresh_orders(tmp_path: Path) -> None:
    fills, _ = undisturbed(tmp_path)
    host = host_at(tmp_path, end_after=3 * COUNT)
    host.run(trader(tmp_path, loop=True), "bot")
    assert [event.session for event in told(host, SessionStarted)][:2] == [1, 2]
    second = [fill for fill in told(host, Filled) if fill.session == 2]
    assert [fill.price for fill in second] == [fill.price for fill in fills[: len(second)]]
    assert second
    ids = [fill.client_id for fill in told(host, Filled)]
    assert len(set(ids)) == len(ids) == PaperBroker(tmp_path / "paper.db").received()


def test_candles_that_begin_anew_are_told_as_another_replay(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="process.bot")
    save(tmp_path, candles_of([1.0 + 0.01 * (index % 3) for index in range(36)]))
    host = host_at(tmp_path, end_after=260)
    host.run(trader(tmp_path, speed=200.0, loop=True), "bot")
    assert "replay 2 of ETH/BTC, recorded: c.csv" in host.doings
    assert "the next candle, replay 2 of the recorded candles" in host.waits
    assert "replay 2 of the recorded candles begins" in caplog.text


def test_a_finished_trader_that_is_run_again_begins_the_next_session(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    host.run(trader(tmp_path), "bot")
    assert [event.session for event in told(host, SessionEnded)] == [1, 2]
    assert PaperBroker(tmp_path / "paper.db").received() == len(told(host, Filled))
