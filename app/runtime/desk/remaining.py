"""What the window tells once the account has answered an emergency stop."""

from typing import Any

from services.trading.desk.stop_told import sentences


def what_remains(stopped: dict[str, Any]) -> str:
    """What was done at the exchange, what of ours is left there, and what else is to be known."""
    begun = "The account is stopped" if is_over(stopped) else "The account is being stopped"
    return f"{begun}. {' '.join(sentences(stopped))}"


def is_over(stopped: dict[str, Any]) -> bool:
    """Whether nothing is left to do: the exchange's own word, not our ledger's alone."""
    return not stopped["remaining"] and not stopped.get("unasked")
