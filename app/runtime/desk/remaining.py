"""What the window tells once the account has answered an emergency stop."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.trading.desk.panic import Remaining

STOPPED = "The account is stopped: no order and no position of ours is left"


def what_remains(stopped: dict[str, Any]) -> str:
    """What the account has still to do, by its own answer to the emergency stop."""
    left = [f"{each['bot']} {each['market']}: {each['what']}" for each in stopped["remaining"]]
    return f"The account is being stopped; still to do: {'; '.join(left)}" if left else STOPPED


def named(remaining: "Iterable[Remaining]") -> dict[str, Any]:
    """The same answer, asked for later."""
    return {"remaining": [{"bot": each.bot, "market": each.symbol, "what": each.what} for each in remaining]}
