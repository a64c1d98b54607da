"""`dreamscape approve`, `reject`, `undo` and `settle`: what a person tells the ledger."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.asking import show_decisions
from app.cli.output import document
from app.control.protocol import Document, Request
from app.paths import Home
from services.orchestrator.overrides import pairs

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WANTED = {"approve": ("done",), "reject": ("rejected",), "undo": ("undone",)}
_SETTLED = {"done": ("done",), "not-done": ("not done", "undone")}
"""What can be said of an unknown act, and where it then stands; one that was being taken back is then undone."""


def add_parser(subparsers: Parsers) -> None:
    approve = subparsers.add_parser("approve", help="carry out what waits")
    approve.add_argument("id", metavar="ID", help="as 'dreamscape inbox' shows it; its beginning is enough")
    approve.add_argument("--edit", metavar="field=value", nargs="+", default=[], help="change the draft first")
    reject = subparsers.add_parser("reject", help="decline what waits")
    reject.add_argument("id", metavar="ID")
    reject.add_argument("--why", metavar="TEXT", default="", help="the reason, for the ledger")
    undo = subparsers.add_parser("undo", help="take back what was done")
    undo.add_argument("id", metavar="ID", help="as 'dreamscape decisions' shows it; its beginning is enough")
    settle = subparsers.add_parser("settle", help="say what came of an act that nobody could tell")
    settle.add_argument("id", metavar="ID", help="as 'dreamscape inbox' shows it; its beginning is enough")
    settle.add_argument("outcome", choices=_SETTLED, help="what you found when you looked")
    settle.add_argument("--reason", metavar="TEXT", required=True, help="how you know, for the ledger")


def run(args: argparse.Namespace) -> int:
    """Obey; 1 where the decision was heard and yet did not come out as wanted (expired, unknown, refused outside)."""
    from app.control.here import tell

    told = tell(Home.choose(args.home, os.environ), _request(args))
    if args.json:
        document(told)
    else:
        show_decisions(told)
    verdict = told["decisions"][0]["verdict"]
    return 0 if verdict in _wanted(args) else 1


def _wanted(args: argparse.Namespace) -> tuple[str, ...]:
    return _SETTLED[args.outcome] if args.command == "settle" else _WANTED[args.command]


def _request(args: argparse.Namespace) -> Request:
    fields: Document = {"id": args.id}
    if args.command == "settle":
        fields |= {"done": args.outcome == "done", "why": args.reason}
    elif args.command == "reject":
        fields["why"] = args.why
    elif args.command == "approve" and args.edit:
        return Request("edit", fields | {"changes": pairs(args.edit)})
    return Request(args.command, fields)
