"""What the exchange account can be told: `close`, `reconcile`, `resolve`, `arm`, `disarm`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.protocol import Document, Request
from app.paths import Home
from services.core.errors import UserError
from services.trading.venue.access import on_this_machine, split

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_TO_TYPE = "it is confirmed by typing"
"""Of the refusal that tells what is to be typed."""
_NO_PIPE = (
    "what comes through a pipe was typed by nobody and is not read: type the words at a terminal, "
    "or let a script say them with --confirm"
)


def add_parser(subparsers: Parsers) -> None:
    from app.cli.commands import COMMANDS

    for name, entry in COMMANDS.items():
        if entry.module != "account_told":
            continue
        parser = subparsers.add_parser(name, **entry.shown)
        if name == "close":
            parser.add_argument("bot", metavar="POSITION", help="the bot whose position it is")
            parser.add_argument("symbol", metavar="MARKET", nargs="?", default="", help="one of its markets alone")
        if name == "resolve":
            parser.add_argument("order", metavar="ORDER", help="the id of an order that is unknown; see 'orders'")
            answer = parser.add_mutually_exclusive_group(required=True)
            answer.add_argument("--arrived", action="store_true", help="the exchange has it, or had")
            answer.add_argument("--never-arrived", action="store_true", help="the exchange never got it")
            parser.add_argument("--reason", metavar="TEXT", required=True, help="how you know; it is kept")
        if name == "arm":
            parser.add_argument("--confirm", metavar="WORDS", default="", help="what is to be typed; else it is asked")
        if name == "disarm":
            parser.add_argument("--reason", metavar="TEXT", default="asked for", help="why; it is kept")


def run(args: argparse.Namespace) -> int:
    from app.control.here import tell

    told = tell(Home.choose(args.home, os.environ), Request(args.command, _fields(args)))
    if args.json:
        document(told)
    else:
        for line in (*_told(args, told), *_besides(told)):
            say(line)
    return 0


def _fields(args: argparse.Namespace) -> Document:
    match args.command:
        case "close":
            return {"bot": args.bot, "symbol": args.symbol}
        case "resolve":
            return {"order": args.order, "arrived": args.arrived, "reason": args.reason}
        case "arm":
            return {"typed": args.confirm or _typed(args)}
        case "disarm":
            return {"reason": args.reason}
    return {}


def _typed(args: argparse.Namespace) -> str:
    """Ask at the terminal, once it is told what speaks against it and what has to be known; what comes through a pipe
    was typed by nobody, and is not read.

    Untyped it is always refused, with all of that.
    """
    from app.control.here import tell

    try:
        tell(Home.choose(args.home, os.environ), Request("arm", {"typed": ""}))
    except UserError as told:
        if _TO_TYPE not in str(told).lower() or _more_against(str(told)):
            raise  # nobody is there to be told what is typed, or it would be typed in vain
        if not sys.stdin.isatty():
            raise UserError(str(told).rstrip("."), mend=_NO_PIPE) from told
        say(str(told))
    say("Type the words above, letter by letter, to let real money be traded; nothing else to leave it as it is:")
    return sys.stdin.readline().strip()


def _more_against(told: str) -> bool:
    """Whether anything but the missing words speaks against it."""
    reasons = [each.lower() for each in told.split("; ")]
    return any(_TO_TYPE not in each and not each.startswith("know that ") for each in reasons)


def _armed(told: Document) -> str:
    """At an exchange on this machine nobody can tell what the money is: it is taken for real, and not called so."""
    address = told["address"]
    if address and on_this_machine(split(address).hostname or ""):
        return f"The account is armed: bots may buy at {address}. Whatever money it deals in is taken for real."
    return "The account is armed: real money is traded."


def _besides(told: Document) -> list[str]:
    return [f"Besides: {told['amiss'].rstrip('.')}."] if told.get("amiss") else []


def _told(args: argparse.Namespace, told: Document) -> list[str]:
    match args.command:
        case "close" if told.get("paper"):
            sold = f"{told['bot']} sells all it holds on {', '.join(told['markets'])} at the next price, on paper"
            goes_on = "it stays paused" if told.get("paused") else "it trades on, and may buy again at its next signal"
            asked = f"Whether {told['bot']} holds anything at the exchange could not be asked: {told.get('unasked')}."
            return [f"{sold}; {goes_on}.", *([asked] if told.get("unasked") else [])]
        case "close":
            leaves = f"{told['bot']} leaves {', '.join(told['markets'])}"
            stays = f"What {told['bot']} holds {told.get('stays')} stays: once this is sold, 'close' sells that."
            sold = f"{leaves} at the exchange: its stop is cancelled, then it is sold."
            return [sold, *([stays] if told.get("stays") else [])]
        case "reconcile":
            return [f"Ledger and exchange agree: {told['orders']} orders and {told['positions']} positions of ours."]
        case "resolve":
            return [f"Order {told['order']} is {told['state']}."]
        case "arm":
            return [_armed(told), *[f"Note: {each}." for each in told["know"]]]
    if not told["was"]:
        return ["The account was not armed: nothing was bought with real money, and nothing is."]
    return ["The account is not armed any more; what is held is kept and protected."]
