"""`dreamscape positions`, `orders` and `fills`: the exchange account as its ledger has it, running or not."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from app.cli.columns import Column, table
from app.cli.output import document, local, say
from app.paths import Home

if TYPE_CHECKING:
    from services.trading.desk.book import Book

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    from app.cli.commands import COMMANDS

    for name, entry in COMMANDS.items():
        if entry.module != "account_shown":
            continue
        parser = subparsers.add_parser(name, **entry.shown)
        if name == "orders":
            parser.add_argument("--all", action="store_true", help="those that are over, too")
        if name == "fills":
            parser.add_argument("--csv", action="store_true", help="as a table for a spreadsheet or tax program")


def run(args: argparse.Namespace) -> int:
    from services.trading.desk import shown

    home = Home.choose(args.home, os.environ)
    book = _book(home)
    if args.command == "fills" and args.csv:
        sys.stdout.write(shown.as_csv(shown.fills(book)))
        return 0
    told: dict[str, Any] = {"account": shown.guards(book)}
    match args.command:
        case "positions":
            told["positions"] = shown.positions(book)
            told["exchange"] = _exchange(home)
        case "orders":
            told["orders"] = shown.orders(book, args.all)
            told["unbought"] = shown.unbought(book) if args.all else []
        case _:
            told["fills"] = shown.fills(book)
    if args.json:
        document(told)
    else:
        _SHOWN[args.command](told)
    return 0


def _book(home: Home) -> Book:
    """Raises ``UserError`` where no account was ever kept here."""
    from app.secrets import Secrets
    from app.settings.load import load
    from app.wiring.account import ledger_of
    from services.core.errors import UserError
    from services.trading.desk.ledger import Ledger
    from services.trading.desk.shown import book_of

    path = ledger_of(home, load(home, os.environ, keyring=Secrets(os.environ).from_keyring()).settings.trading)
    if path is None:
        mend = "name the exchange and its key in the settings and run 'dreamscape run'"
        raise UserError("no exchange account has been kept here", f"home {home.root}", mend)
    ledger = Ledger(path)
    try:
        return book_of(ledger)
    finally:
        ledger.close()


def _exchange(home: Home) -> dict[str, Any] | None:
    """How the running program reaches it; None where none runs, or none that keeps the account and answers."""
    from app.control.client import NotAnswering, NotRunning, ask
    from app.control.protocol import Fault, Refused, Request

    try:
        told: dict[str, Any] | None = ask(home, Request("standing")).get("exchange")
        return told
    except (NotRunning, NotAnswering, Refused, Fault):
        return None


def _positions(told: dict[str, Any]) -> None:
    rows = [
        (row["bot"], row["market"], row["quantity"], _standing(row), ", ".join(_stop(stop) for stop in row["stops"]))
        for row in told["positions"]
    ]
    _table(("BOT", "MARKET", "QUANTITY", "", "STOP"), rows, "No bot holds anything.")
    _account(told)
    _contact(told["exchange"])


def _contact(exchange: dict[str, Any] | None) -> None:
    """How the exchange is reached, where a program runs that keeps the account."""
    import msgspec

    from services.trading.desk.contact import Contact

    if exchange is None:
        say("No program keeps the account now: this is our ledger's word alone. 'dreamscape run' asks the exchange.")
        return
    contact = msgspec.convert(exchange, Contact, strict=False)
    if contact.unasked:
        say(f"{contact.unasked[:1].upper()}{contact.unasked[1:]}. Our ledger's word stands alone for that.")
    say(f"The exchange: {contact.told}.")
    if contact.unarmed:
        say(f"Nothing is bought with real money: {contact.unarmed}.")


def _orders(told: dict[str, Any]) -> None:
    rows = [
        (row["id"], row["bot"], row["market"], row["role"], row["side"], row["quantity"], row["filled"],
         row["trigger"] or "", row["price"], row["state"], row["why"])
        for row in told["orders"]
    ]  # fmt: skip
    titles = ("ID", "BOT", "MARKET", "FOR", "SIDE", "QUANTITY", "FILLED", "TRIGGER", "PRICE", "STATE", "WHY")
    _table(titles, rows, "No order of ours is open.")
    for row in told["unbought"]:
        say(f"Nothing of {row['market']} was bought for {row['bot']}, {local(row['since'])}: {row['why']}.")
    _account(told)


def _fills(told: dict[str, Any]) -> None:
    rows = [
        (local(row["time"]), row["bot"], row["market"], row["side"], row["amount"], row["price"],
         f"{row['fee']} {row['fee_currency']}")
        for row in told["fills"]
    ]  # fmt: skip
    _table(("TIME", "BOT", "MARKET", "SIDE", "AMOUNT", "PRICE", "FEE"), rows, "Nothing has been traded yet.")


_SHOWN = {"positions": _positions, "orders": _orders, "fills": _fills}


def _standing(row: dict[str, Any]) -> str:
    return "leaving" if row["leaving"] else "" if row["open"] else "too little to sell"


def _stop(stop: dict[str, Any]) -> str:
    return f"{stop['quantity']} at {stop['trigger']} ({stop['state']})"


def _table(titles: tuple[str, ...], rows: list[tuple[Any, ...]], nothing: str) -> None:
    if not rows:
        say(nothing)
        return
    table([Column(title) for title in titles], [[str(cell) for cell in row] for row in rows])


def _account(told: dict[str, Any]) -> None:
    for latch in told["account"]["latches"]:
        scope = "" if latch["scope"] == "account" else f" {latch['scope']}"
        opens = f'dreamscape rearm "{latch["guard"]}"{scope} --reason "..."'
        say(f"The guard “{latch['guard']}” is closed for {latch['scope']}: {latch['why']}. This opens it: {opens}")
