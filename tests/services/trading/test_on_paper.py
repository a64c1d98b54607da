"""What is told of a bot on paper: what it is about to trade, and only what is known of one moment."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.core.events import Recorded
from services.core.process.context import Position
from services.trading.generated import generate
from services.trading.on_paper import PaperBot, orders, positions
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.steps import book_layout as at
from services.trading.tape import BotTape, TradingTapes
from tests.support.candles import BAR
from tests.support.host import MemoryHost
from tests.support.replays import trader
from tests.support.strategies import strategy_text

AT = generate(BAR, 1e-8, 1)[0].time


def bot_after(folder: Path, beats: int) -> PaperBot:
    (folder / "paper.db").unlink(missing_ok=True)
    host = MemoryHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")}, end_after=beats)
    host.run(trader(folder), "bot")
    return PaperBot.of(taped(host), host.position)


def taped(host: MemoryHost) -> BotTape:
    tapes = TradingTapes()
    for seq, event in enumerate(host.events, 1):
        tapes.take(Recorded(seq, AT, "bot", event))
    (tape,) = tapes.value()
    return tape


def found(folder: Path, wanted: str) -> PaperBot:
    """The bot at the first moment in which it has such an order."""
    for beats in range(2, 300):
        bot = bot_after(folder, beats)
        if wanted in {row["state"] for row in orders([bot]) if row["role"] in ("entry", "exit")}:
            return bot
    raise AssertionError(f"nothing {wanted}")


def test_what_its_last_close_decided_waits_for_the_next_price(tmp_path: Path) -> None:
    bot = found(tmp_path, "waits")
    (row,) = orders([bot])
    assert (row["role"], row["side"], row["quantity"], row["filled"]) == ("entry", "buy", None, "0")
    assert (row["account"], row["bot"], row["candles"]) == ("paper", "bot", "recorded: c.csv")
    assert positions([bot]) == []


def test_a_limit_that_rests_is_told_with_its_price(tmp_path: Path) -> None:
    limit = {"limit": {"offset": {"percent": 0.5}, "times": 9}}
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", execution=limit))
    bot = found(tmp_path, "rests")
    (row,) = orders([bot])
    assert bot.state is not None
    assert float(row["price"]) == bot.state.book[at.LIMIT] < bot.state.price
    assert 0 < float(row["quantity"]) * float(row["price"]) <= 0.25


def test_a_position_that_is_to_be_left_says_so(tmp_path: Path) -> None:
    bot = next(each for beats in range(2, 300) if (each := bot_after(tmp_path, beats)).held)
    assert [row["leaving"] for row in positions([bot])] == [False]
    assert bot.state is not None
    book = list(bot.state.book)
    book[at.PENDING] = -1.0
    leaving = PaperBot(bot.tape, replace(bot.state, book=tuple(book), asked="you: close the position"))
    assert [row["leaving"] for row in positions([leaving])] == [True]
    (row,) = orders([leaving])
    assert (row["role"], row["side"], row["why"]) == ("exit", "sell", "you: close the position")
    assert float(row["quantity"]) == bot.held


@pytest.mark.parametrize("kept", [None, {"session": 2}, {"account": "of another kind"}, "before"])
def test_what_is_kept_of_another_moment_is_not_told_as_of_this_one(tmp_path: Path, kept: Position | str | None) -> None:
    bot = next(each for beats in range(2, 300) if (each := bot_after(tmp_path, beats)).held)
    assert bot.state is not None
    before = replace(bot.state, account=replace(bot.state.account, quantity=0.0)).to_json()
    other = PaperBot.of(bot.tape, before if isinstance(kept, str) else kept)
    assert other.state is None
    (row,) = positions([other])
    assert (float(row["quantity"]), row["stops"], row["target"]) == (bot.held, [], None)
    assert orders([other]) == []
