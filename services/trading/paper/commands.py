"""What a person can tell a bot that trades on paper."""

from services.core.commands import Command
from services.trading.tape import BotTape

ASKED = "you: close the position"
"""What an order says of why it was placed, where a person asked for it."""


class ClosePaper(Command, name="paper.close"):
    """Have what it holds sold at the next price; it trades on, and may buy again at its next signal."""

    bot: str
    position: str = ""
    """Which one is meant, as ``position_of`` names it: another one is left alone. Empty for what it holds now."""


def position_of(tape: BotTape) -> str:
    """What the position is called that a bot holds by its tape; empty where it holds none."""
    account = tape.account
    return f"{tape.session}/{account.trades}" if account is not None and account.held and not tape.ended else ""
