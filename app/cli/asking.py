"""`dreamscape ps`, `inbox`, `decisions` and `rules`: what is, what waits, what was done, and what watches."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.decisions_shown import DECIDERS, show_inbox, show_ledger, show_one
from app.cli.output import document, say
from app.cli.processes_shown import show_ps
from app.cli.rules_shown import show_rules
from app.control.protocol import Document, Request
from app.paths import Home

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    ps = subparsers.add_parser("ps", help="the processes and how they stand")
    ps.add_argument("process", metavar="NAME", nargs="?", default="", help="one in full: its parameters, its last runs")
    ps.add_argument("--last", metavar="N", type=count, default=10, help="how many of its runs")
    inbox = subparsers.add_parser("inbox", help="what waits for you")
    inbox.add_argument("id", metavar="ID", nargs="?", default="", help="one in full; the beginning of its id is enough")
    inbox.add_argument("--all", action="store_true", help="also what is put off")
    subparsers.add_parser("rules", help="the rules, and how each stands for what it watches")
    decisions = subparsers.add_parser("decisions", help="what was done, by whom and why")
    decisions.add_argument("id", metavar="ID", nargs="?", default="", help="one in full")
    decisions.add_argument("--last", metavar="N", type=count, default=20, help="how many; 20 if left")
    decisions.add_argument("--before", metavar="ID", default="", help="those older than this one")
    decisions.add_argument("--by", choices=DECIDERS, default="", help="who decided")
    decisions.add_argument("--kind", metavar="KIND", default="", help="such as order, or order.place,reply.send")
    decisions.add_argument("--process", metavar="NAME", default="", help="of this process alone")


def count(text: str) -> int:
    """A number from 1 to 10000, for argparse."""
    if not (text.isdecimal() and 1 <= int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10000")
    return int(text)


def answer(home: Home, request: Request) -> Document:
    """What the running instance says, else what the store has."""
    from app.control.client import NotRunning, ask

    try:
        return ask(home, request)
    except NotRunning:
        # The store is opened only where nobody can answer: that costs more than all the rest.
        from app.control.here import read

        return read(home, request)


def run(args: argparse.Namespace) -> int:
    home = Home.choose(args.home, os.environ)
    told = answer(home, _request(args))
    if args.json:
        document(told)
    else:
        _show(args, told, home)
    return 0


def _request(args: argparse.Namespace) -> Request:
    if args.command == "ps":
        return Request("ps", {"process": args.process, "last": args.last})
    if args.command == "rules":
        return Request("rules")
    if args.id:
        return Request("decision", {"id": args.id})
    return Request("inbox", {"all": args.all}) if args.command == "inbox" else Request("decisions", _which(args))


def _which(args: argparse.Namespace) -> Document:
    return {name: getattr(args, name) for name in ("last", "process", "by", "kind", "before")}


def _show(args: argparse.Namespace, told: Document, home: Home) -> None:
    if args.command == "ps" and told["processes"]:
        show_ps(told, args.process)
    elif args.command == "ps" and home.store.exists():
        say("There are no processes; 'dreamscape process add' adds one.")
    elif args.command == "ps":
        say(f"Nothing has run in {home.root} yet; 'dreamscape run' begins.")
    elif args.command == "rules":
        show_rules(told)
    elif args.id:
        for each in told["decisions"]:
            show_one(each)
    elif args.command == "inbox":
        show_inbox(told)
    else:
        show_ledger(told, _which(args))
