"""What a person can tell a bot that trades on paper."""

from services.core.commands import Command

ASKED = "you: close the position"
"""What an order says of why it was placed, where a person asked for it."""


class ClosePaper(Command, name="paper.close"):
    """Have what it holds sold at the next price; it trades on, and may buy again at its next signal."""

    bot: str
    position: str = ""
    """Which one is meant, as ``BotTape.position`` names it: another one is left alone. Empty for what it holds now."""
    symbol: str = ""
    """The market that is meant, where one was named."""
