"""`dreamscape quit`: tells the running instance to end, and waits until it has."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.client import NotAnswering, NotRunning, ask
from app.control.lock import HomeLock
from app.control.notices import tell_beside
from app.control.protocol import Document, Request
from app.paths import Home

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

PATIENCE = 20.0
"""Seconds for runs to reach a checkpoint, for what does not to be killed, and for the journal to be flushed."""


def add_parser(subparsers: Parsers) -> None:
    subparsers.add_parser("quit", help="end the running instance")


def run(args: argparse.Namespace) -> int:
    """Obey; 1 where the instance has been told and has not ended after ``PATIENCE``."""
    told = _quit(Home.choose(args.home, os.environ))
    if told.get("open") and not args.json:
        again = "It runs" if len(told["open"]) == 1 else "They run"
        say(f"{len(told['open'])} ran: {', '.join(told['open'])}. {again} again at the next start.")
    if told.get("paused") and not args.json:
        stay = "It stays" if len(told["paused"]) == 1 else "They stay"
        say(f"{len(told['paused'])} paused: {', '.join(told['paused'])}. {stay} so.")
    if args.json:
        document(told)
    elif not told["quit"]:
        say("Dreamscape is not running.")
    elif told["ended"]:
        say(f"Dreamscape (process {told['pid']}) has ended.")
    else:
        say(f"Dreamscape (process {told['pid']}) was told to end, and still does after {PATIENCE:.0f} s.")
    return 0 if told["ended"] else 1


def _quit(home: Home) -> Document:
    try:
        told = ask(home, Request("quit"))
    except NotRunning:
        return {"quit": False, "ended": True, "pid": None}
    except NotAnswering as silent:
        return _waited_for(home, silent)
    return told | {"ended": HomeLock(home).is_free(PATIENCE)}


def _waited_for(home: Home, silent: NotAnswering) -> Document:
    """One that holds the home and does not answer has most likely been told before. Raises what it was given if not."""
    who = f"process {silent.pid}" if silent.pid else "of another process"
    tell_beside(f"Dreamscape ({who}) is ending already, or only just starting: waiting up to {PATIENCE:.0f} s for it.")
    if not HomeLock(home).is_free(PATIENCE):
        raise silent
    return {"quit": True, "ended": True, "pid": silent.pid}
