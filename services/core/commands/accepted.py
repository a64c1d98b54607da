"""Commands that act outside the store: on disk before they are obeyed, and obeyed after a crash that came between.

A command that moves the store alone needs none of this: it is on disk in one transaction with what it moved.
"""

import logging
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from services.core.commands import Command, given
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.journal import Journal, Transaction
from services.core.store.prefixes import begins
from services.core.store.schema import facts

log = logging.getLogger(__name__)
_PREFIX = "accepted:"


@dataclass(frozen=True)
class Accepted:
    """A command that was accepted and that nobody has told to be obeyed; ``seq`` is its number in the journal."""

    seq: int
    command: Command
    by: str


class _Kept(msgspec.Struct):
    command: str
    version: int
    fields: dict[str, Any]
    by: str


def accept(tx: Transaction, command: Command, by: str) -> int:
    """Enter a command that is about to be obeyed; returns its number."""
    (recorded,) = tx.record(given(command, by))
    kept = _Kept(command.type_name, command.type_version, msgspec.to_builtins(command), by)
    row = {"name": f"{_PREFIX}{recorded.seq}", "value": msgspec.json.encode(kept).decode()}
    tx.connection.execute(upsert(facts).values(**row))
    return recorded.seq


def finish(tx: Transaction, seq: int) -> None:
    """The command was obeyed or refused: it is not obeyed again."""
    tx.connection.execute(delete(facts).where(facts.c.name == f"{_PREFIX}{seq}"))


def unfinished(journal: Journal, kinds: tuple[type[Command], ...]) -> list[Accepted]:
    """What a crash left unobeyed or half obeyed of these kinds of commands, in the order it was given. Blocks."""
    with journal.store.reading.connect() as connection:
        rows = connection.execute(select(facts).where(begins(facts.c.name, _PREFIX))).all()
    found = []
    for row in rows:
        try:
            kept = msgspec.json.decode(row.value, type=_Kept)
            command = Command.named(kept.command).decode(msgspec.json.encode(kept.fields), kept.version)
        except (msgspec.MsgspecError, UnknownMessage, MalformedMessage) as error:
            log.error("what was accepted as %s cannot be read and is not obeyed: %s", row.name, error)
            continue
        if isinstance(command, kinds):
            found.append(Accepted(int(row.name.removeprefix(_PREFIX)), command, kept.by))
    return sorted(found, key=lambda accepted: accepted.seq)
