"""Commands that act outside the store: on disk before they are obeyed, and obeyed after a crash that came between.

A command that moves the store alone needs none of this: it is on disk in one transaction with what it moved.
"""

import logging
from dataclasses import dataclass
from typing import Any

import msgspec

from services.core.commands import Command, given
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.journal import Journal, Transaction
from services.core.store.facts import drop_fact, facts_from, keep_fact

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
    """Enter a command that is about to be obeyed; returns its number.

    Raises ``UserError`` where it holds a registered secret, but for its fields of words: there it is masked.
    """
    fields: dict[str, Any] = msgspec.to_builtins(command)
    tx.refuse_secrets({name: each for name, each in fields.items() if name not in command.words}, command.type_name)
    (recorded,) = tx.record(given(command, by))
    kept = _Kept(command.type_name, command.type_version, tx.hidden(fields), by)
    keep_fact(tx.connection, f"{_PREFIX}{recorded.seq}", msgspec.json.encode(kept).decode())
    return recorded.seq


def finish(tx: Transaction, seq: int) -> None:
    """The command was obeyed or refused: it is not obeyed again."""
    drop_fact(tx.connection, f"{_PREFIX}{seq}")


def unfinished(journal: Journal, kinds: tuple[type[Command], ...]) -> list[Accepted]:
    """What a crash left unobeyed or half obeyed of these kinds of commands, in the order it was given. Blocks."""
    with journal.store.reading.connect() as connection:
        left = facts_from(connection, _PREFIX)
    found = []
    for seq, text in left.items():
        try:
            kept = msgspec.json.decode(text, type=_Kept)
            command = Command.named(kept.command).decode(msgspec.json.encode(kept.fields), kept.version)
        except (msgspec.MsgspecError, UnknownMessage, MalformedMessage) as error:
            log.error("what was accepted as %s%s cannot be read and is not obeyed: %s", _PREFIX, seq, error)
            continue
        if isinstance(command, kinds):
            found.append(Accepted(int(seq), command, kept.by))
    return sorted(found, key=lambda accepted: accepted.seq)
