"""Replays that are interrupted: by the end of their process, and by an edit of their strategy in a position."""

from pathlib import Path

import pytest

from services.trading.events import Filled, SessionEnded, SessionStarted
from services.trading.fills import Side
from services.trading.generated import generate
from services.trading.paper.broker import PaperBroker
from services.trading.steps import book_layout as at
from tests.support.candles import BAR
from tests.support.host import MemoryHost, told
from tests.support.replays import COUNT, host_at, money, save, trader, undisturbed
from tests.support.strategies import strategy_text

BOTH_WAYS = {
    "market": {"kind": "perpetual"},
    "short": {},
    "execution": {"limit": {"offset": {"percent": 0.05}, "times": 1, "then": "market"}},
    "limit_volume": {"percent": 0.01},
    "stop": {"percent": 1.0},
}


@pytest.mark.parametrize("changes", [BOTH_WAYS, {**BOTH_WAYS, "fee_in": "BNB"}, {"fee_in": "base"}])
def test_interrupted_with_a_limit_resting_or_a_short_open_it_ends_with_the_same_fills_and_books(
    tmp_path: Path, changes: dict
) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", **changes))
    fills, orders = undisturbed(tmp_path)
    assert len(fills) > 10
    host = host_at(tmp_path)
    for beats in (*(37,) * 9, None):
        host.end_after = beats
        host.run(trader(tmp_path), "bot")
    assert money(told(host, Filled)) == money(fills)
    broker, account = PaperBroker(tmp_path / "paper.db"), host.acts[0].account  # type: ignore[attr-defined]
    assert broker.fills(account) == orders
    balance = broker.balance(account)
    assert balance is not None
    assert (balance.cash, balance.held) == (fills[-1].cash, fills[-1].held)


def test_a_changed_strategy_ends_the_session_and_begins_another(tmp_path: Path) -> None:
    host = host_at(tmp_path, end_after=300)
    host.run(trader(tmp_path), "bot")
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", macd={"fast": 8}))
    host.end_after = None
    host.run(trader(tmp_path), "bot")
    first, second = told(host, SessionEnded)
    assert (first.session, first.why) == (1, "the strategy or its candles changed")
    assert (second.session, second.candles) == (2, COUNT)
    assert told(host, SessionStarted)[0].version != told(host, SessionStarted)[1].version


GUARDED = {"stop": {"percent": 1.0}, "target": {"percent": 1.0}}


def run_into_a_position(host: MemoryHost, folder: Path) -> None:
    """Run it a little further again and again, until it is cut off while it holds something."""
    while host.position is None or not host.position.get("book", [0, 0, 0])[at.OPEN]:
        host.end_after = (host.end_after or 40) + 1
        host.run(trader(folder), "bot")


def session_fills(host: MemoryHost, session: int) -> list[Filled]:
    return [fill for fill in told(host, Filled) if fill.session == session]


def test_a_position_keeps_the_exits_it_was_opened_with_when_the_strategy_is_edited(tmp_path: Path) -> None:
    """It is left where it would have been, without another entry; the next one is by the new version."""
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", **GUARDED))
    before, _ = undisturbed(tmp_path)
    host = host_at(tmp_path)
    run_into_a_position(host, tmp_path)
    held = len(session_fills(host, 1))
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", stop={"percent": 50.0}, macd={"fast": 5}))
    host.end_after = None
    host.run(trader(tmp_path), "bot")
    first, second = told(host, SessionEnded)
    assert first.why == "the strategy changed, and its position was left by its own exits"
    assert money(session_fills(host, 1)) == money(before[: held + 1]), "the one exit more, as if nothing had happened"
    assert session_fills(host, 1)[-1].side is Side.SELL
    assert (second.session, second.candles) == (2, COUNT)
    starts = told(host, SessionStarted)
    assert starts[0].version != starts[1].version


def test_killed_while_it_leaves_by_the_former_exits_it_goes_on_leaving(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", **GUARDED))
    before, _ = undisturbed(tmp_path)
    host = host_at(tmp_path)
    run_into_a_position(host, tmp_path)
    held = len(session_fills(host, 1))
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", macd={"fast": 5}))
    for beats in (2, 2, None):
        host.end_after = beats
        host.run(trader(tmp_path), "bot")
    assert money(session_fills(host, 1)) == money(before[: held + 1])
    assert [event.session for event in told(host, SessionEnded)] == [1, 2]


def test_other_candles_end_the_session_at_once(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    run_into_a_position(host, tmp_path)
    save(tmp_path, generate(BAR, 1e-8, COUNT, seed=8))
    host.end_after = None
    host.run(trader(tmp_path), "bot")
    assert told(host, SessionEnded)[0].why == "the strategy or its candles changed"
