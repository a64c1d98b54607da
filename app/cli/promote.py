"""`dreamscape promote` and `demote`: a challenger's parameters into a strategy's file, and back."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.protocol import Request
from app.paths import Home

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WANTED = {"promote": "done", "demote": "undone"}


def add_parser(subparsers: Parsers) -> None:
    promote = subparsers.add_parser("promote", help="say yes to the promotion that waits for a strategy")
    promote.add_argument("strategy", metavar="STRATEGY", help="its name, such as macd-eth-btc")
    demote = subparsers.add_parser("demote", help="take a strategy's last promotion back")
    demote.add_argument("strategy", metavar="STRATEGY", help="its name, such as macd-eth-btc")


def run(args: argparse.Namespace) -> int:
    """Obey; 1 where it was heard and refused, such as for a file that was changed by hand since."""
    from app.control.here import tell

    told = tell(Home.choose(args.home, os.environ), Request(args.command, {"strategy": args.strategy}))
    (decision,) = told["decisions"]
    wanted = decision["verdict"] == _WANTED[args.command]
    if args.json:
        document(told)
    elif not wanted:
        say(f"{decision['what']}: {decision['verdict']}, {decision['why'] or 'nothing was changed'}.")
    elif args.command == "promote":
        say(f"{decision['what']}: done in {decision['outcome'].get('path', 'its file')}, from its next entry on.")
        say(f"'dreamscape demote {args.strategy}' takes it back.")
    else:
        say(f"{decision['what']}: taken back; the file before is in force again, from its next entry on.")
    return 0 if wanted else 1
