"""What an emergency stop has done and left, in the same sentences for window, tray and terminal."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Told = Mapping[str, Any]
"""What ``commands.stopped`` tells."""


def sentences(stopped: Told) -> list[str]:
    """Whether the exchange could be asked, what was done there, what is left of ours, and what is amiss besides."""
    amiss = str(stopped.get("amiss", "")).rstrip(".")
    return [*unasked(stopped), *done(stopped), left(stopped), *([f"Besides: {amiss}."] if amiss else [])]


def unasked(stopped: Told) -> list[str]:
    """That the exchange could not be asked: then nobody can say how ours stand there."""
    return [f"The exchange could not be asked: {stopped['unasked']}."] if stopped.get("unasked") else []


def done(stopped: Told) -> list[str]:
    """What was cancelled and sold there, and what an earlier command had done of it since the stop began."""
    told = []
    for deed, rows, words in (
        ("Cancelled", stopped.get("cancelled", []), _order),
        ("Sold", stopped.get("closed", []), _sale),
    ):
        if now := [words(row) for row in rows if not row.get("earlier")]:
            told.append(f"{deed} at the exchange: {', '.join(now)}.")
        if earlier := [f"{words(row)}, at {_time(row['earlier'])}" for row in rows if row.get("earlier")]:
            told.append(f"{deed} there earlier: {'; '.join(earlier)}.")
    return told


def left(stopped: Told) -> str:
    """By the exchange's word, or by our ledger's alone where it could not be asked."""
    by = "By our ledger" if stopped.get("unasked") else "At the exchange"
    rows: Sequence[Told] = stopped["remaining"]
    if rows:
        each = "; ".join(f"{row['bot']} {row['market']}: {row['what']}" for row in rows)
        return f"{by} there remains: {each}."
    small = ", ".join(f"{row['what']} of {row['bot']}" for row in stopped.get("dust", []))
    but = f", but {small}, too little to be sold" if small else ""
    return f"{by} nothing of ours is open or held{but}."


def _order(row: Told) -> str:
    return f"{row['role']} of {row['bot']} on {row['market']}"


def _time(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(UTC):%H:%M} UTC"


def _sale(row: Told) -> str:
    base, _, quote = row["market"].partition("/")
    return f"{row['quantity']} {base} of {row['bot']} at {row['price']} {quote.partition(':')[0]}"
