"""What the window tells once the account has answered an emergency stop."""

from typing import Any

STOPPED = "The account is stopped: no order and no position of ours is left"


def what_remains(stopped: dict[str, Any]) -> str:
    """What the account has still to do, by its own answer to the emergency stop; then what else is to be known."""
    left = [f"{each['bot']} {each['market']}: {each['what']}" for each in stopped["remaining"]]
    small = ", ".join(f"{each['what']} of {each['bot']}" for each in stopped.get("dust", []))
    over = f"{STOPPED}, but {small}, too little to be sold" if small else STOPPED
    told = f"The account is being stopped; still to do: {'; '.join(left)}" if left else over
    return f"{told}. Besides: {stopped['amiss'].rstrip('.')}" if stopped.get("amiss") else told


def is_over(stopped: dict[str, Any]) -> bool:
    """Whether nothing is left to do."""
    return not stopped["remaining"]
