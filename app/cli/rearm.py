"""`dreamscape rearm`: ends the incident of a rule or guard that only a person may end, such as a money stop."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.protocol import Request
from app.paths import Home

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


_NAMES = (
    "its name, such as 'drawdown stop'; or a guard of the account: 'daily loss', drawdown, 'emergency stop', "
    "'rejected streak', balance"
)


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("rearm", help="let a rule or a guard that stopped something fire again")
    parser.add_argument("rule", metavar="RULE", help=_NAMES)
    parser.add_argument(
        "each", metavar="SUBJECT", nargs="?", default="", help="for whom it fired, such as a process or a market"
    )
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why; it is kept in the journal")


def run(args: argparse.Namespace) -> int:
    from app.control.here import tell

    fields = {"rule": args.rule, "each": args.each, "reason": args.reason}
    told = tell(Home.choose(args.home, os.environ), Request("rearm", fields))
    if args.json:
        document(told)
    elif told.get("guard"):
        scope = told["each"] or "the account"
        say(f"“{told['rule']}” is open again for {scope}: bots may buy, past the other guards.")
        say("What was paused stays paused until 'dreamscape resume NAME'.")
    else:
        subject = f" for {told['each']}" if told["each"] else ""
        say(f"“{told['rule']}” is armed again{subject}, and measures from here on.")
        say("What it paused stays paused until 'dreamscape resume NAME'. 'dreamscape decisions' has the way back.")
    return 0
