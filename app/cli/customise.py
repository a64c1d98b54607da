"""`dreamscape customise`: copies a file that comes with Dreamscape into the home, where it may be changed and wins."""

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
    parser = subparsers.add_parser("customise", help="a file that comes with Dreamscape, as one of your own")
    parser.add_argument("file", metavar="FILE", nargs="?", help="such as rules/drawdown.yaml; all are listed without")
    parser.add_argument("--name", metavar="NAME", default="", help="one more strategy under this name beside the other")


def run(args: argparse.Namespace) -> int:
    from app.wiring.own_files.files import default_names

    if not args.file:
        names = default_names()
        if args.json:
            document({"defaults": list(names)})
        else:
            say("\n".join(names))
        return 0
    from app.control.here import tell

    told = tell(Home.choose(args.home, os.environ), Request("customise", {"file": args.file, "name": args.name}))
    if args.json:
        document(told)
    else:
        say(" ".join(_told(args.file, told)))
    return 0


def _told(file: str, told: Document) -> list[str]:
    begun = [f"{told['path']} is yours to change; a change is taken in while Dreamscape runs."]
    name = told["process"]
    if not name:
        return begun
    where = "on paper" if file.startswith("trading/") else "on the sandbox network"
    if told["running"]:
        return [*begun, f"It runs from now on as process {name}, {where}; 'dreamscape pause {name}' pauses it."]
    return [
        *begun,
        f"It runs from the next start of Dreamscape on as process {name}, {where}; "
        f"then 'dreamscape pause {name}' pauses it.",
    ]
