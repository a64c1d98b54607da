"""What the window tells once the account has answered an emergency stop."""

from typing import Any


def what_remains(stopped: dict[str, Any]) -> str:
    """What the account has still to do, by its own answer to the emergency stop."""
    left = [f"{each['bot']} {each['market']}: {each['what']}" for each in stopped["remaining"]]
    if not left:
        return "The account is stopped: no order and no position of ours is left"
    return f"The account is being stopped; still to do: {'; '.join(left)}"
