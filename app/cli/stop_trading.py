"""`dreamscape stop-trading`: end every trading process at once, and pause it until a person resumes it."""

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
    subparsers.add_parser("stop-trading", help="end and pause every trading process, until you resume it")


def run(args: argparse.Namespace) -> int:
    """Tell the running instance; where none runs, what is stored, so that the next start trades nothing either."""
    from app.control.here import tell

    told = tell(Home.choose(args.home, os.environ), Request("stop-trading", {}))
    if args.json:
        document(told)
    else:
        say(" ".join(_told(told)))
    return 0


def _told(told: Document) -> list[str]:
    held, ended = ", ".join(told["held"]), ", ".join(told["cancelled"])
    if not told["running"]:
        begun = "Dreamscape is not running, so nothing trades."
        kept = f"Paused from the next start on: {held}." if held else "There is nothing to pause."
    else:
        begun = f"Asked to end: {ended}." if ended else "No trading process ran."
        kept = f"Paused until you resume them: {held}." if held else "None is to start by itself."
    return [begun, kept, *(["'dreamscape resume NAME' lets one go on."] if held else [])]
