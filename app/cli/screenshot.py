"""`dreamscape screenshot`: a page of the real window, painted off screen."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.output import document, say
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("screenshot", help="a page of the real window as a picture")
    parser.add_argument("--page", metavar="PAGE", required=True, help="such as overview or trading.sweep")
    parser.add_argument("--size", metavar="WxH", type=size, default=(1440, 900), help="in pixels; 1440x900")
    parser.add_argument("out", metavar="OUT.png", type=Path)
    parser.add_argument("--demo", action="store_true", help="replay the recorded day first, in a home of its own")
    parser.add_argument(
        "--with-exchange",
        action="store_true",
        help="with --demo: buy a little at the play-money exchange on this machine that DREAMSCAPE_TRADING__* name, "
        "and sell it again before it ends; without this, no order is sent",
    )
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")


def size(text: str) -> tuple[int, int]:
    """Width and height, for argparse."""
    found = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if not found or not all(100 <= int(side) <= 10_000 for side in found.groups()):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 1440x900 (100 to 10000 each)")
    return int(found[1]), int(found[2])


def run(args: argparse.Namespace) -> int:
    """Have it painted; nothing of Qt's windows is imported before."""
    if args.with_exchange and not args.demo:
        raise UserError("--with-exchange is for a demonstration", "--with-exchange", "Add --demo, or leave it out")
    take = importlib.import_module("app.runtime.pictures.screenshot").take
    home = Home.choose(args.home, os.environ)
    painted = take(
        home=home,
        page=args.page,
        size=args.size,
        out=args.out,
        demo=args.demo,
        theme=args.theme,
        exchange=args.with_exchange,
        tell=_tell,
    )
    if painted != args.size:
        asked, least = ("x".join(map(str, each)) for each in (args.size, painted))
        sys.stderr.write(f"{asked} was asked for, but the window needs more room here: the picture is {least}.\n")
    if args.json:
        document({"page": args.page, "path": str(args.out.absolute())})
    else:
        say(f"{args.page} is painted in {args.out}.")
    return 0


def _tell(told: str) -> None:
    sys.stderr.write(f"{told}\n")
