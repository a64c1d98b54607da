"""`dreamscape stop-trading`: end every trading process, at once."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.client import NotRunning, ask
from app.control.protocol import Document, Request
from app.paths import Home

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_AT_REST: Document = {"running": False, "cancelled": [], "closed": []}


def add_parser(subparsers: Parsers) -> None:
    subparsers.add_parser("stop-trading", help="end every trading process")


def run(args: argparse.Namespace) -> int:
    """Tell the running instance; where none runs, nothing trades."""
    home = Home.choose(args.home, os.environ)
    try:
        told = ask(home, Request("stop-trading", {}))
    except NotRunning:
        told = _AT_REST
    if args.json:
        document(told)
    elif not told["running"]:
        say("Dreamscape is not running, so nothing trades.")
    else:
        say(f"Asked to end: {', '.join(told['cancelled']) or 'nothing, since no trading process ran'}.")
    return 0
