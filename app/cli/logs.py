"""`dreamscape logs`: the log's last lines, and with -f those that follow."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from typing import TYPE_CHECKING

import msgspec

from app.cli.asking import answer, count
from app.cli.output import document, say
from app.control.protocol import Request
from app.logs.tail import follow, read_tail
from app.paths import Home
from services.core.errors import UserError
from services.core.logs import LogLine
from services.core.logs.handler import PROGRAM
from services.orchestrator.commands import NoSuchProcess
from services.orchestrator.near_names import hint

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("logs", help="the log's last lines")
    parser.add_argument("-f", "--follow", action="store_true", help="go on with new lines until Ctrl-C")
    parser.add_argument("--process", metavar="NAME", help="of this process alone")
    parser.add_argument("-n", "--lines", metavar="N", type=count, default=50, help="how many lines")


def run(args: argparse.Namespace) -> int:
    home = Home.choose(args.home, os.environ)
    if args.json and args.follow:
        raise UserError("a log that is followed has no end, so it is no JSON document", "-f", "leave -f or --json away")
    if args.process and not read_tail(home.log, 1, args.process):
        _require_process(home, args.process)
    # Followed from before the tail is read, so that no line falls between the two.
    coming = follow(home.log, threading.Event(), args.process) if args.follow else iter(())
    tail = read_tail(home.log, args.lines, args.process)
    if args.json:
        document({"lines": [_plain(line) for line in tail]})
        return 0
    for line in tail:
        _show(line)
    if not tail and (args.process or not args.follow):
        told = _nothing_of(args.process)
        say(told) if not args.follow else sys.stderr.write(f"{told}\n")
    shown = set(tail)
    try:
        for line in coming:
            if line not in shown:
                _show(line)
    except KeyboardInterrupt:
        pass
    return 0


def _require_process(home: Home, name: str) -> None:
    """Raise ``NoSuchProcess`` for a name that nobody bears; of one that was removed the log may still have lines."""
    known = {PROGRAM, *(row["name"] for row in answer(home, Request("ps"))["processes"])}
    if name not in known:
        raise NoSuchProcess(f"the log has no line of {name!r}, and no process is called so; {hint(name, known)}")


def _nothing_of(process: str | None) -> str:
    """Why there is no line: of a script that writes progress alone, none is kept, and another command tells it."""
    if not process:
        return "The log has no line."
    return (
        f"The log has no line of {process!r}: it said nothing at the level that is written (log.level in the settings, "
        "INFO if left; a script's lines of progress are DEBUG). "
        f"'dreamscape ps {process}' tells what it does and how far it is."
    )


def _plain(line: LogLine) -> dict[str, object]:
    told: dict[str, object] = msgspec.to_builtins(line)
    return told


def _show(line: LogLine) -> None:
    sys.stdout.write(line.for_people() + "\n")
    sys.stdout.flush()
