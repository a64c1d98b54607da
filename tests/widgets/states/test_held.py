"""What a bot holds by its fills is what its own book says, also where an exit leaves dust or a part."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.core.events import Recorded
from services.core.process import State
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.chart.reading import charted
from services.trading.feed import open_feed
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from services.trading.statistics.traded import Traded
from services.trading.tape import BotTape, TradingTapes
from tests.support.host import MemoryHost
from tests.support.pages import Moment
from tests.support.strategies import strategy_text, strategy_with
from widgets.states.process_lines import ProcessLine
from widgets.states.trading.bots import BotChoice, BotState
from widgets.states.trading.closing import close_told, held_by
from widgets.states.trading.held import in_part, position_of
from widgets.states.trading.risk import risk_rows

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BARS = 1500
LITTLE = {"percent": 0.2}
CHANGES: dict[str, dict[str, Any]] = {
    "a fee in coins": {"fee_in": "base"},
    "a target in parts": {"target": {"percent": 0.3}, "limit_volume": LITTLE, "sizing": {"percent": 90}},
    "an entry in parts": {
        "limit_volume": LITTLE,
        "execution": {"limit": {"offset": {"ticks": 2}, "reprice_after": "15m", "times": 3, "then": "market"}},
    },
    "long and short": {
        "macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "short": {}, "stop": {"percent": 1},
        "market": {"kind": "perpetual"}, "terms": {"trend": {"kind": "momentum", "bars": 20}},
    },
}  # fmt: skip


@dataclass(frozen=True)
class Life:
    """The tape of a bot, and the same fills of a backtest, which tells what its book held after each."""

    tape: BotTape
    fills: tuple[Traded, ...]

    def after(self, count: int) -> BotTape:
        """The tape once so many fills were told."""
        return replace(self.tape, rows=self.tape.rows[:count])


def lived(folder: Path, changes: dict[str, Any]) -> Life:
    path = folder / "trader.yaml"
    path.write_text(strategy_text(data="generated", **changes), encoding="utf-8")
    host = MemoryHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")}, end_after=BARS)
    host.run(ReplayTrader(str(path), speed=0), "bot")
    assert host.position is not None
    tapes = TradingTapes()
    for seq, event in enumerate(host.events, 1):
        tapes.take(Recorded(seq, NOON, "bot", event))
    tape = tapes.value()[0]
    strategy = strategy_with(data="generated", **changes)
    feed = open_feed(strategy, None)
    result = Backtest(strategy).run(Bars.of(feed.candles[: host.position["index"]]), feed.label)
    return Life(replace(tape, rows=tape.of_session), tuple(result.fills))


@pytest.fixture(scope="module")
def lives(tmp_path_factory) -> dict[str, Life]:
    return {name: lived(tmp_path_factory.mktemp("bot"), changes) for name, changes in CHANGES.items()}


def bot_of(tape: BotTape) -> BotState:
    line = ProcessLine("bot", "trading", State.RUNNING, "Running", "ok", "", 0, NOON)
    return BotState(BotChoice("bot", line, "", ""), "trader.yaml", tape)


def told(tape: BotTape) -> dict[str, str]:
    return {row.name: row.value for row in risk_rows(bot_of(tape), None, Moment())}


@pytest.mark.parametrize("name", CHANGES)
def test_it_holds_what_its_book_holds_after_every_fill(lives, name):
    life = lives[name]
    assert len(life.tape.rows) == len(life.fills) > 6
    assert position_of(life.after(0)) is None
    for count, fill in enumerate(life.fills, 1):
        own = position_of(life.after(count))
        assert (own is None) == (fill.position == 0), f"after fill {count}"
        assert own is None or own.side * fill.position > 0


@pytest.mark.parametrize("name", CHANGES)
def test_an_exit_that_leaves_something_is_one_in_part(lives, name):
    life = lives[name]
    before = (0.0, *(fill.position for fill in life.fills[:-1]))
    left = [
        abs(fill.position) > 0 and abs(fill.position) < abs(held) for held, fill in zip(before, life.fills, strict=True)
    ]
    assert list(in_part(life.tape.rows)) == left
    assert any(left) == (name == "a target in parts")


@pytest.mark.parametrize("name", CHANGES)
def test_the_entry_is_the_mean_of_all_fills_that_built_the_position(lives, name):
    life = lives[name]
    for count in range(1, len(life.fills) + 1):
        tape = life.after(count)
        own = position_of(tape)
        if own is None:
            continue
        begun = max((place for place in range(count) if life.fills[place].position == 0), default=-1) + 1
        built = [row for row in tape.rows[begun:] if (row.side == "buy") == (own.side > 0)]
        bought = sum(row.quantity for row in built)
        assert own.entry == pytest.approx(sum(row.quantity * row.price for row in built) / bought)


def test_dust_that_an_exit_leaves_is_no_position_and_is_not_offered_to_be_closed(lives):
    life = lives["a fee in coins"]
    sold = next(place for place, row in enumerate(life.tape.rows, 1) if row.side == "sell" and row.held > 0)
    tape = life.after(sold)
    assert told(tape)["Position"] == "none: in cash"
    assert (held_by(bot_of(tape)), close_told(bot_of(tape))) == ("", "")
    assert held_by(bot_of(life.after(sold - 1)))


def test_a_short_gains_where_the_price_falls_and_says_that_it_is_one(lives):
    life = lives["long and short"]
    tape = life.after(next(place for place, row in enumerate(life.tape.rows, 1) if row.held < 0))
    own = position_of(tape)
    assert own is not None
    assert own.change(own.entry * 0.9) == pytest.approx(0.1)
    strategy = strategy_with(data="generated", **CHANGES["long and short"])
    chart = charted(strategy, open_feed(strategy, None)).until(BARS)
    rows = {row.name: row.value for row in risk_rows(bot_of(tape), chart, Moment())}
    assert rows["Position"].startswith("short ")
    assert rows["Stop-loss"].endswith("(+1.0%)"), "above its entry"


def test_the_worth_counts_the_fees_that_another_currency_paid(lives, tmp_path):
    tape = lived(tmp_path, {"fee_in": "BNB"}).tape
    newest = tape.rows[-1]
    strategy = strategy_with(data="generated", fee_in="BNB")
    chart = charted(strategy, open_feed(strategy, None)).until(BARS)
    worth = newest.equity + newest.held * (chart.bars.closes[-1] - newest.price)
    rows = {row.name: row.value for row in risk_rows(bot_of(tape), chart, Moment())}
    assert rows["Result"].startswith(f"{100 * (worth / tape.capital - 1):+.2f}%".replace("-", "−"))
