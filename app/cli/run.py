"""`dreamscape run`: the dashboard, or everything but the window; one instance for each home."""

from __future__ import annotations

import argparse
import importlib
import os
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.control.notices import tell_beside
from app.paths import Home
from app.runtime.options import Options

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

SOON = 0.5
"""Seconds to wait for a command that holds the home for a moment."""


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("run", help="the dashboard; with --headless everything but the window")
    parser.add_argument("--headless", action="store_true", help="everything but the window")
    parser.add_argument("--for", dest="seconds", metavar="SECONDS", type=_seconds, help="end by itself after so long")
    parser.add_argument("--safe-mode", action="store_true", help="start all processes paused")
    add_environment(parser)


def add_environment(parser: argparse.ArgumentParser) -> None:
    """What a person says of the environment; `dreamscape config --explain` takes it too, and tells what it comes to."""
    parser.add_argument(
        "--env", metavar="NAME", type=_environment, help="dev or prod; prod only where nothing disagrees"
    )
    parser.add_argument("--live", action="store_true", help="allow live trading, which counts in prod alone")


def _environment(word: str) -> str:
    from app.environment import is_known

    if not is_known(word):
        raise argparse.ArgumentTypeError(f"{word!r} is neither dev nor prod")
    return word


def set_defaults(parser: argparse.ArgumentParser) -> None:
    """`dreamscape` alone is `dreamscape run`."""
    parser.set_defaults(headless=False, seconds=None, safe_mode=False, env=None, live=False)


def run(args: argparse.Namespace) -> int:
    """Run until the end; where another instance has the home, have it show its window instead."""
    from app.control.client import NotRunning
    from app.control.lock import HomeLock, HomeTaken

    home = Home.choose(args.home, os.environ)
    lock = HomeLock(home)
    try:
        lock.take(SOON)
    except HomeTaken:
        try:
            return _show_running(home, args)
        except NotRunning:  # it has ended in this very moment
            lock.take(SOON)
    with lock:
        options = Options(
            lock, args.headless, args.seconds, args.safe_mode, args.env, args.live, args.json, warms_up=True
        )
        code: int = importlib.import_module("app.runtime.start").main(home, options)
        return code


def _show_running(home: Home, args: argparse.Namespace) -> int:
    """The second instance's whole work. Raises ``NotAnswering`` where the first hangs."""
    from app.control.client import ask
    from app.control.protocol import Request

    told = ask(home, Request("show"))
    if args.json:
        document({"already_running": True, **told})
    elif told["shown"]:
        say(f"Dreamscape already runs here (process {told['pid']}); its window is shown.")
    else:
        say(f"Dreamscape already runs here (process {told['pid']}), without a window.")
    if args.env or args.live or args.safe_mode:
        tell_beside("It goes on as it was started: --env, --live and --safe-mode count for a start alone.")
    return 0


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds
