"""What processes can be told: `pause`, `resume`, `cancel`, `run-now`, `skip-next`, `set`, `kill`, hidden `fault`."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.asking import answer
from app.cli.commands import COMMANDS
from app.cli.output import document, say
from app.cli.processes_shown import show_processes
from app.control.protocol import Document, Request
from app.paths import Home
from services.core.errors import UserError
from services.core.process.injection import Fault
from services.orchestrator.overrides import pairs

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_ALL = ("pause", "resume")
EVERY = "*"


def add_parser(subparsers: Parsers) -> None:
    for name, entry in COMMANDS.items():
        if entry.module != "telling":
            continue
        parser = subparsers.add_parser(name, **entry.shown)
        parser.add_argument("process", metavar="NAME", nargs="?" if name in _ALL else None)
        if name in _ALL:
            parser.add_argument("--all", action="store_true", help=f"{name} all processes")
        if name in ("run-now", "set"):
            more = "*" if name == "run-now" else "+"
            parser.add_argument("values", metavar="key=value", nargs=more, help="a parameter; JSON, or else text")
        if name == "fault":
            parser.add_argument("fault", choices=[str(fault) for fault in Fault], help="what is to go wrong")
        if name == "set":
            parser.add_argument("--once", action="store_true", help="for the next run alone")


def run(args: argparse.Namespace) -> int:
    from app.control.client import NotRunning, ask

    home = Home.choose(args.home, os.environ)
    fields = _fields(args, home)
    request = Request(args.command, fields)
    try:
        told = ask(home, request)
    except NotRunning:
        from app.control.here import tell

        told = tell(home, request)
    if args.json:
        document(told)
        return 0
    if not told["running"]:
        say("Dreamscape is not running; it will find this at its next start.")
    show_processes(told)
    if args.command == "set" and told["running"]:
        say("It counts from the next run on; a run that goes on keeps what it began with.")
    return 0


def _fields(args: argparse.Namespace, home: Home) -> Document:
    if args.command in _ALL and args.all == bool(args.process):
        raise UserError("name one process, or give --all", args.command, "'dreamscape ps' lists them")
    fields: Document = {"process": args.process or EVERY}
    if args.command == "fault":
        fields["fault"] = args.fault
    if args.command == "run-now":
        fields["overrides"] = _parameters(args, home)
    if args.command == "set":
        fields |= {"parameters": _parameters(args, home), "once": args.once}
    return fields


def _parameters(args: argparse.Namespace, home: Home) -> Document:
    """The ``key=value`` of the command line; who wrote something else is told which keys there are."""
    try:
        return pairs(args.values)
    except UserError as mistake:
        (row,) = answer(home, Request("ps", {"process": args.process}))["processes"]
        names = ", ".join(each["name"] for each in row["parameters"])
        has = f"process {args.process!r} has {names or 'no parameters'}"
        raise UserError(mistake.what, mistake.where, f"{mistake.mend}; {has}" if names else has) from mistake
