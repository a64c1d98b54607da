"""`dreamscape stop-trading`: end and hold every bot, cancel our orders and sell our positions, and say what remains.

Where the program does not answer within two seconds, this command ends it by its id and does it itself.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.protocol import Document, Request
from app.paths import Home

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    subparsers.add_parser(
        "stop-trading", help="end and pause every trading process, cancel our orders, sell our positions"
    )


def run(args: argparse.Namespace) -> int:
    """Tell the running instance; where none answers, the account is brought to rest from here.

    1 where something of ours remains, or the account could not be brought to rest.
    """
    from app.control.client import NotAnswering
    from app.control.emergency import stop_account
    from app.control.here import tell

    home, request = Home.choose(args.home, os.environ), Request("stop-trading", {})
    ended = 0
    try:
        told = tell(home, request)
    except NotAnswering:
        stopped = stop_account(home, os.environ)
        told, ended = tell(home, request), stopped["ended"]
        told |= stopped
    else:
        if told["account"] != "stopped":
            told |= _from_here(home)
    told["ended"] = told.get("ended", ended)
    if args.json:
        document(told)
    else:
        say(" ".join(_told(told)))
    return 1 if told["remaining"] or told["account"] not in ("stopped", "none") else 0


def _from_here(home: Home) -> Document:
    """The bots are held already, so what cannot be done to the account is told beside that."""
    from app.control.emergency import stop_account
    from services.core.errors import UserError

    try:
        return stop_account(home, os.environ)
    except UserError as mistake:
        return {"account": str(mistake).rstrip("."), "remaining": []}


def _told(told: Document) -> list[str]:
    held, ended = ", ".join(told["held"]), ", ".join(told["cancelled"])
    if not told["running"]:
        begun = "Dreamscape is not running, so no bot trades."
        kept = f"Paused from the next start on: {held}." if held else "There is nothing to pause."
    else:
        begun = f"Asked to end: {ended}." if ended else "No trading process ran."
        kept = f"Paused until you resume them: {held}." if held else "None is to start by itself."
    amiss = [f"Besides: {told['amiss'].rstrip('.')}."] if told.get("amiss") else []
    lines = [begun, kept, *(["'dreamscape resume NAME' lets one go on."] if held else [])]
    return [*_killed(told), *lines, *_account(told), *amiss]


def _killed(told: Document) -> list[str]:
    return [f"Process {told['ended']} did not answer and was ended."] if told["ended"] else []


def _account(told: Document) -> list[str]:
    if told["account"] == "none":
        return []
    if told["account"] != "stopped":
        return [f"The exchange account: {told['account']}. Try again, and look at the exchange's own page."]
    if not told["remaining"]:
        small = ", ".join(f"{each['what']} of {each['bot']}" for each in told.get("dust", []))
        but = f", but {small}, too little to be sold" if small else ""
        return [f"On the exchange nothing of ours is open or held{but}."]
    left = "; ".join(f"{each['bot']} {each['market']}: {each['what']}" for each in told["remaining"])
    return [f"On the exchange there remains: {left}. It is gone on with while Dreamscape runs."]
