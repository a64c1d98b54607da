"""What closing a bot's position would do, in the words that a person says yes to."""

from __future__ import annotations

from services.core.words import number_text
from widgets.states.trading.bots import BotState
from widgets.states.trading.held import position_of

_DIGITS = 6
NOTHING_HELD = "nothing is held"
_PRICES = {"live": "into the order book as it stands"}
"""How it is sold, by what its candles are; else at the open of the next candle."""


def held_by(bot: BotState) -> str:
    """What its position is called; empty where it holds none that could be closed."""
    return bot.tape.position if bot.tape and position_of(bot.tape) else ""


def close_told(bot: BotState) -> str:
    """What is sold, where, how, and with which money; empty where nothing is held."""
    tape = bot.tape
    own = position_of(tape)
    if tape is None or own is None or not held_by(bot):
        return ""
    base, held = tape.market.partition("/")[0], own.quantity
    if tape.exchange:
        return (
            f"Sell all {number_text(held, _DIGITS)} {base} of {bot.choice.name} on {tape.market}, {tape.label}? "
            "It is the account's money. Its stop is cancelled, then it is sold within the collar until nothing is "
            "left. The bot trades on, and may buy again at its next signal."
        )
    how = _PRICES.get(tape.label.partition(":")[0], "at the open of the next candle")
    act = f"Sell all {number_text(held, _DIGITS)}" if held > 0 else f"Buy back all {number_text(-held, _DIGITS)}"
    return (
        f"{act} {base} of {bot.choice.name} on {tape.market}, {how}? Play money: it is on paper. "
        "The bot trades on, and may buy again at its next signal."
    )
