"""`dreamscape stop-trading`: end and hold every bot, cancel our orders and sell our positions, and say what remains.

Where the program does not answer within two seconds, this command ends it by its id and does it itself.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.protocol import Document, Request
from app.paths import Home
from services.core.words import counted

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    subparsers.add_parser(
        "stop-trading", help="end and pause every trading process, cancel our orders, sell our positions"
    )


def run(args: argparse.Namespace) -> int:
    """Tell the running instance; where none answers, the account is brought to rest from here.

    1 where something of ours remains, or the account could not be brought to rest or be asked.
    """
    from app.control.account import NO_ANSWER
    from app.control.client import NotAnswering
    from app.control.emergency import stop_account
    from app.control.here import tell

    home, request = Home.choose(args.home, os.environ), Request("stop-trading", {})
    try:
        told = tell(home, request)
    except NotAnswering:
        stopped = stop_account(home, os.environ, _waits)
        told = tell(home, request) | stopped
    else:
        if told["account"] not in ("stopped", "unasked"):
            told |= _from_here(home, answers=told["account"] == NO_ANSWER)
    told.setdefault("ended", 0)
    if args.json:
        document(told)
    else:
        for line in _told(told):
            say(line)
    return 1 if told["remaining"] or told["account"] not in ("stopped", "none") else 0


def _from_here(home: Home, *, answers: bool) -> Document:
    """The bots are held already, so what cannot be done to the account is told beside that.

    ``answers`` is whether the program has the stop under way, and only waits for the exchange.
    """
    from app.control.emergency import by_ledgers, stop_account
    from services.core.errors import UserError

    try:
        return stop_account(home, os.environ, _waits, answers=answers)
    except UserError as mistake:
        return by_ledgers(home, str(mistake).rstrip("."))


def _waits(why: str) -> None:
    """While it is tried again and again, whoever waits knows for what."""
    told = f"{why[:1].upper()}{why[1:]}. It is tried again for up to two minutes (Ctrl+C ends that)."
    sys.stderr.write(f"{told}\n")
    sys.stderr.flush()


def _told(told: Document) -> list[str]:
    """One line each: what was ended, the bots, the account."""
    ended = f"Process {told['ended']} did not answer and was ended." if told["ended"] else ""
    return [line for line in (ended, _bots(told), *_account(told)) if line]


def _bots(told: Document) -> str:
    held, ended = ", ".join(told["held"]), ", ".join(told["asked_to_end"])
    if not told["running"]:
        begun = "Dreamscape is not running, so no bot trades."
        kept = f"Paused from the next start on: {held}." if held else "There is nothing to pause."
    else:
        begun = f"Asked to end: {ended}." if ended else "No trading process ran."
        kept = f"Paused until you resume them: {held}." if held else "None is to start by itself."
    return " ".join((begun, kept, *_of_them(told)))


def _of_them(told: Document) -> list[str]:
    """Which of those that were paused trade at the exchange: all of them are, also who trades on paper."""
    if not told["held"]:
        return []
    number, live = len(told["held"]), told["held_live"]
    if not live:
        which = "It trades on paper or on a replay alone" if number == 1 else "All trade on paper or on replays alone"
    elif len(live) == number:
        which = "It trades at the exchange" if number == 1 else "All trade at the exchange"
    else:
        which = f"At the exchange {counted(len(live), 'of them trades', 'of them trade')}: {', '.join(live)}"
    lets = "'dreamscape resume NAME' lets one go on, 'dreamscape resume --all' everything that is paused"
    return [f"{which}; stop-trading holds every trading process. {lets}."]


def _account(told: Document) -> list[str]:
    from services.trading.desk.stop_told import sentences

    if told["account"] == "none":
        return []
    lines = sentences(told)
    if told["account"] != "stopped":
        lines.append("Look at the exchange's own page.")
    if told["account"] == "stopped" and not told["remaining"]:
        lines.append('Bots buy there again only after: dreamscape rearm "emergency stop" --reason "..."')
    elif told["running"] and not told["ended"]:
        lines.append("Dreamscape goes on with it while it runs; give the command again to see how it stands.")
    elif told.get("since"):
        lines.append("It is gone on with once Dreamscape runs, or when the command is given again.")
    return lines
