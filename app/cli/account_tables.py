"""`positions`, `orders` and `fills` as tables for people: what is at the exchange, then what is play money on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.cli.columns import Column, table
from app.cli.output import local, say

Row = dict[str, Any]
_ON_PAPER = "On paper, with play money:"


def show_account(command: str, told: Row) -> None:
    """What is at the exchange, under a heading where something on paper comes after it."""
    if told["paper"] and told[command]:
        say("At the exchange:")
    match command:
        case "positions":
            _show_positions(told)
        case "orders":
            _show_orders(told)
        case _:
            _table(*_fills(told["fills"]), "Nothing has been traded at the exchange yet.")


def _show_positions(told: Row) -> None:
    rows = [
        (row["bot"], row["market"], row["quantity"], _standing(row), ", ".join(_stop(stop) for stop in row["stops"]))
        for row in told["positions"]
    ]
    _table(("BOT", "MARKET", "QUANTITY", "", "STOP"), rows, "No bot holds anything at the exchange.")
    _latches(told)
    if told["exchange_amiss"]:
        say(f"{told['exchange_amiss']} What stands here is our ledger's word alone.")
    else:
        _contact(told["exchange"])


def _show_orders(told: Row) -> None:
    _table(*_orders(told["orders"]), "No order of ours is open at the exchange.")
    for row in told["unbought"]:
        say(f"Nothing of {row['market']} was bought for {row['bot']}, {local(row['since'])}: {row['why']}.")
    _latches(told)


def show_paper(command: str, told: Row) -> None:
    """What is on paper, under a heading that says so; each row says what its candles are."""
    if told["paper"]:
        say(_ON_PAPER)
    match command:
        case "positions":
            _table(*_paper_positions(told["paper"]), "No bot holds anything on paper.")
        case "orders":
            _table(*_with_candles(_orders, told["paper"]), "No order is open on paper.")
        case _:
            _table(*_with_candles(_fills, told["paper"]), "Nothing has been traded on paper yet.")
            if told["paper_has_older"]:
                say("'dreamscape fills --paper' has the older ones, too.")


def _paper_positions(given: list[Row]) -> tuple[Sequence[str], list[Sequence[Any]]]:
    titles = ("BOT", "MARKET", "QUANTITY", "", "STOP", "TARGET", "CANDLES")
    return titles, [
        (row["bot"], row["market"], row["quantity"], _standing(row),
         ", ".join(stop["trigger"] for stop in row["stops"]), row["target"], row["candles"])
        for row in given
    ]  # fmt: skip


def _orders(given: list[Row]) -> tuple[Sequence[str], list[Sequence[Any]]]:
    titles = ("ID", "BOT", "MARKET", "FOR", "SIDE", "QUANTITY", "FILLED", "TRIGGER", "PRICE", "STATE", "WHY")
    names = ("id", "bot", "market", "role", "side", "quantity", "filled", "trigger", "price", "state", "why")
    return titles, [[row[name] for name in names] for row in given]


def _fills(given: list[Row]) -> tuple[Sequence[str], list[Sequence[Any]]]:
    titles = ("TIME", "BOT", "MARKET", "SIDE", "AMOUNT", "PRICE", "FEE")
    return titles, [
        (local(row["time"]), row["bot"], row["market"], row["side"], row["amount"], row["price"],
         f"{row['fee']} {row['fee_currency']}")
        for row in given
    ]  # fmt: skip


def _with_candles(
    made: Callable[[list[Row]], tuple[Sequence[str], list[Sequence[Any]]]], given: list[Row]
) -> tuple[Sequence[str], list[Sequence[Any]]]:
    titles, rows = made(given)
    return (*titles, "CANDLES"), [(*cells, row["candles"]) for cells, row in zip(rows, given, strict=True)]


def _standing(row: Row) -> str:
    return "leaving" if row["leaving"] else "" if row["open"] else "too little to sell"


def _stop(stop: Row) -> str:
    return f"{stop['quantity']} at {stop['trigger']} ({stop['state']})"


def _table(titles: Sequence[str], rows: Iterable[Sequence[Any]], nothing: str) -> None:
    told = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if told:
        table([Column(title) for title in titles], told)
    else:
        say(nothing)


def _latches(told: Row) -> None:
    for latch in told["account"]["latches"]:
        scope = "" if latch["scope"] == "account" else f" {latch['scope']}"
        opens = f'dreamscape rearm "{latch["guard"]}"{scope} --reason "..."'
        say(f"The guard “{latch['guard']}” is closed for {latch['scope']}: {latch['why']}. This opens it: {opens}")


def _contact(exchange: Row | None) -> None:
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
