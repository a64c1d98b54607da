"""`dreamscape positions`, `orders` and `fills`: the exchange account as its ledger has it, and what is on paper.

Running or not. The two are told apart everywhere: in tables under a heading of its own, in a document under a key of
its own and in each row; and a table for a tax program has one of them alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from app.cli.output import document, say
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.trading.desk.book import Book

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

NEWEST = 20
"""Fills on paper that are shown beside those at the exchange: of a replay there may be thousands."""
AT_THE_EXCHANGE = "exchange"
_NO_PROGRAM: dict[str, Any] = {"exchange": None, "exchange_amiss": ""}
_NAME_ONE = "name the exchange and its key in the settings and run 'dreamscape run'"


def add_parser(subparsers: Parsers) -> None:
    from app.cli.commands import COMMANDS

    for name, entry in COMMANDS.items():
        if entry.module != "account_shown":
            continue
        parser = subparsers.add_parser(name, **entry.shown)
        parser.add_argument("--paper", action="store_true", help="what is traded on paper, with play money, alone")
        if name == "orders":
            parser.add_argument("--all", action="store_true", help="those that are over, too")
        if name == "fills":
            csv = "as a table for a spreadsheet or tax program; with --paper of play money, else of real trades alone"
            parser.add_argument("--csv", action="store_true", help=csv)


def run(args: argparse.Namespace) -> int:
    home = Home.choose(args.home, os.environ)
    if args.command == "fills" and args.csv:
        sys.stdout.write(_as_csv(home, args))
        return 0
    book = None if args.paper else _book(home)
    paper = _on_paper(home, args, kept=book is not None)
    if book is None and not paper["paper_bots"] and not paper["paper"]:
        raise _nobody_trades(home, args)
    told = _at_the_exchange(home, args, book) | paper
    if args.json:
        document(told)
    else:
        _show(home, args, told)
    return 0


def _as_csv(home: Home, args: argparse.Namespace) -> str:
    """Either the exchange's or those on paper, never both: one of them is for the tax."""
    from services.trading import on_paper
    from services.trading.desk import shown

    if args.json:
        raise UserError("--csv and --json are two forms of the same", "fills", "give one of them")
    if args.paper:
        return on_paper.as_csv(_paper(home, args)["paper"])
    book = _book(home)
    if book is None:
        mend = f"{_NAME_ONE}; --paper has what was traded on paper"
        raise UserError(_none_kept(home), f"home {home.root}", mend)
    return shown.as_csv(shown.fills(book))


def _at_the_exchange(home: Home, args: argparse.Namespace, book: Book | None) -> dict[str, Any]:
    """What the ledger has, each row marked; nothing where only paper is asked for."""
    from services.trading.desk import shown

    if args.paper:
        return {}
    told: dict[str, Any] = {"account": shown.guards(book) if book is not None else None}
    match args.command:
        case "positions":
            told["positions"] = _marked(shown.positions(book)) if book is not None else []
            told |= _exchange(home) if book is not None else _NO_PROGRAM
        case "orders":
            told["orders"] = _marked(shown.orders(book, args.all)) if book is not None else []
            told["unbought"] = shown.unbought(book) if book is not None and args.all else []
        case _:
            told["fills"] = _marked(shown.fills(book)) if book is not None else []
    return told


def _marked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"account": AT_THE_EXCHANGE, **row} for row in rows]


def _on_paper(home: Home, args: argparse.Namespace, *, kept: bool) -> dict[str, Any]:
    """What is on paper; beside an account, whose words must not fail by it, also why that cannot be told."""
    from sqlalchemy.exc import DBAPIError

    try:
        return _paper(home, args)
    except (UserError, DBAPIError) as why:
        if not kept:
            raise
        return {"paper": [], "paper_bots": [], "paper_has_older": False, "paper_amiss": str(why)}


def _paper(home: Home, args: argparse.Namespace) -> dict[str, Any]:
    from app.control.on_paper import read_paper
    from services.trading import on_paper

    with read_paper(home) as found:
        match args.command:
            case "positions":
                rows = on_paper.positions(found.bots)
            case "orders":
                rows = on_paper.orders(found.bots, args.all)
            case _:
                rows = on_paper.fills(found.fills(None if args.paper else NEWEST + 1))
        bots = [each.tape.bot for each in found.bots]
    more = args.command == "fills" and not args.paper and len(rows) > NEWEST
    shown_rows = rows[-NEWEST:] if more else rows
    return {"paper": shown_rows, "paper_bots": bots, "paper_has_older": more, "paper_amiss": ""}


def _none_kept(home: Home) -> str:
    """Why there is no exchange account to be shown."""
    others = ", ".join(sorted(path.stem for path in home.accounts.glob("*.db")))
    if others:
        return f"the settings name none of the exchange accounts that were kept here ({others})"
    return "no exchange account has been kept here"


def _nobody_trades(home: Home, args: argparse.Namespace) -> UserError:
    if args.paper:
        mend = "a strategy in the home's strategies/trading trades on paper with 'dreamscape run'"
        return UserError("no bot trades on paper here", f"home {home.root}", mend)
    return UserError(f"{_none_kept(home)}, and no bot trades on paper", f"home {home.root}", _NAME_ONE)


def _book(home: Home) -> Book | None:
    """None where no account was ever kept here."""
    from app.secrets import Secrets
    from app.settings.load import load
    from app.wiring.account import ledger_of
    from services.trading.desk.ledger import Ledger
    from services.trading.desk.shown import book_of

    path = ledger_of(home, load(home, os.environ, keyring=Secrets(os.environ).from_keyring()).settings.trading)
    if path is None:
        return None
    ledger = Ledger(path)
    try:
        return book_of(ledger)
    finally:
        ledger.close()


def _exchange(home: Home) -> dict[str, Any]:
    """How the running program reaches it: null where none runs, or none that keeps the account; why it does not say."""
    from app.control.client import NotAnswering, NotRunning, ask
    from app.control.protocol import Fault, Refused, Request

    try:
        return {**_NO_PROGRAM, "exchange": ask(home, Request("standing")).get("exchange")}
    except NotRunning:
        return _NO_PROGRAM
    except (NotAnswering, Refused, Fault) as amiss:
        return {**_NO_PROGRAM, "exchange_amiss": str(amiss)}


def _show(home: Home, args: argparse.Namespace, told: dict[str, Any]) -> None:
    from app.cli import account_tables

    if told.get("account"):
        account_tables.show_account(args.command, told)
    elif not args.paper:
        none = _none_kept(home)
        say(f"{none[:1].upper()}{none[1:]}.")
    if told["paper_amiss"]:
        say(f"What is on paper cannot be told: {told['paper_amiss']}")
    elif told["paper"] or told["paper_bots"]:
        account_tables.show_paper(args.command, told)
