"""What can be done on the Trading page, and which row of the exchange account an act of the palette is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.trading.desk.glance import AccountGlance
from widgets.actions import ActionEntry, ChangeEntry


def _act(name: str, title: str, key: str = "") -> ActionEntry:
    return ActionEntry(f"trading.{name}", title, "", key, group="Trading", scope="trading")


def _change(name: str, title: str, key: str = "", *, asks: bool = True) -> ChangeEntry:
    return ChangeEntry(f"trading.{name}", title, "", key, group="Trading", scope="trading", asks=asks)


ACTIONS = (
    _change("hold", "Pause or resume the bot shown", "Space", asks=False),
    _change("override", "Override parameters of the bot shown"),
    _change("close", "Close the position of the bot shown"),
    _act("next", "Show the next bot", "N"),
    _act("orders", "Orders and fills", "O"),
    _act("equity", "Equity and underwater", "E"),
    _act("anomalies", "Anomalies of the market", "U"),
    _act("account", "Exchange account", "A"),
    _act("sweep", "Sweep the strategy shown", "W"),
    _act("backtest", "Backtest the strategy shown", "B"),
    _change("promote", "Promote the challenger of the bot shown", asks=False),
    _change("demote", "Take the last promotion of the bot shown back"),
    _change("arm", "Arm the exchange account"),
    _change("disarm", "Disarm the exchange account"),
    _change("reconcile", "Reconcile the exchange account"),
    _change("sell", "Close a position at the exchange"),
    _change("rearm", "Re-arm a guard of the exchange account"),
    _change("arrived", "Resolve an unknown order: it arrived"),
    _change("lost", "Resolve an unknown order: it never arrived"),
    _act("fills", "Export fills…"),
)
ON_ACCOUNT = frozenset({"arm", "disarm", "reconcile", "sell", "rearm", "arrived", "lost", "fills"})
"""Those that the Account view asks about; a file dialog for the fills comes with it, too."""


@dataclass(frozen=True, slots=True)
class About:
    """The row that an act is about, by its key, or why there is none."""

    key: object = None
    why_not: str = ""


def about(act: str, glance: AccountGlance, chosen: object = None) -> About:
    """What an act of ``ON_ACCOUNT`` is done with; ``chosen`` is the key of the row that is selected in its table."""
    match act:
        case "arm" if glance.armed:
            return About(why_not="it is armed")
        case "disarm" if not glance.armed:
            return About(why_not="it is not armed")
        case "fills" if not glance.fills:
            return About(why_not="nothing has been traded yet")
        case "sell":
            held = [(row.bot, row.market) for row in glance.held if not row.leaving]
            return _one(held, chosen, "nothing is held at the exchange", "several positions are held")
        case "rearm":
            closed = [(row.guard, row.scope) for row in glance.latches]
            return _one(closed, chosen, "every guard is open", "several guards are closed")
        case "arrived" | "lost":
            doubted = [row.id for row in glance.orders if row.state == "unknown"]
            return _one(doubted, chosen, "no order is unknown", "several orders are unknown")
    return About()


def _one(rows: Sequence[object], chosen: object, none: str, several: str) -> About:
    """The selected one, else the only one: which of several is meant is not guessed."""
    if chosen in rows:
        return About(chosen)
    if len(rows) == 1:
        return About(rows[0])
    return About(why_not=f"{several}: select one in Account (A)" if rows else none)
