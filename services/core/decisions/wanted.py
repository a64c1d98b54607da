"""Which decisions are asked for, and a part of the ledger as the answer; ``conditions`` asks the store the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow

DECIDERS = ("you", "rule", "process", "learner", "program")
"""Who decides: a person, a rule, a process by its own rules, a learner, or the house itself (its watchdog too)."""
STANDS = ("without", "waiting", "unknown", "undone")
"""Where decisions stand: done without a person, before one, nobody knows, taken back."""
FAMILIES = {"order": ("order", "position.enter", "position.leave")}
"""A word that stands for several kinds: an order is placed on paper, a position entered and left at the exchange."""
WITHOUT = frozenset({Verdict.DONE, Verdict.UNDONE})
UNDONE = frozenset({Verdict.UNDONE, Verdict.UNDOING})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each field that is not empty narrows. ``kind`` is a whole one (``order.place``), a part of it (``order``), or
    several with commas between.
    """

    by: str = ""
    kind: str = ""
    process: str = ""
    stands: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Then:
    """A past moment, and what was known then of the newest decisions and of those that were open."""

    at: datetime
    known: Mapping[str, DecisionRow] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """Some decisions, newest first: of ``total`` that there are ``matching`` fit, and ``older`` of them lie behind.

    Of all that there are, ``behind`` lie before the one that was asked from. ``removed`` are no longer kept: orders of
    replays that are over.
    """

    rows: tuple[DecisionRow, ...] = ()
    matching: int = 0
    older: int = 0
    total: int = 0
    behind: int = 0
    removed: int = 0


def fits(row: DecisionRow, wanted: Wanted) -> bool:
    """Whether a known decision is one of those."""
    return (
        (not wanted.process or row.process == wanted.process)
        and (not wanted.kind or is_kind(row.kind, wanted.kind))
        and (not wanted.by or _is_by(row, wanted.by))
        and (not wanted.stands or _stands(row, wanted.stands))
        and (not wanted.words or _says(row, wanted.words))
    )


def kinds_in(wanted: str) -> dict[str, tuple[str, ...]]:
    """The words of a wanted kind, each with the kinds or parts of kinds that it stands for."""
    words = [word.strip() for word in wanted.split(",")]
    return {word: FAMILIES.get(word, (word,)) for word in words if word}


def is_kind(kind: str, wanted: str) -> bool:
    """Whether a kind is one of those that are wanted."""
    return any(f".{each}." in f".{kind}." for meant in kinds_in(wanted).values() for each in meant)


def _is_by(row: DecisionRow, by: str) -> bool:
    learned = row.kind.startswith("learner.")
    match by:
        case "you":
            return row.yours
        case "rule":
            return row.by.startswith("rule:")
        case "learner":
            return learned
        case "process":
            return row.by.startswith("process:") and not learned
    return not (learned or row.by == "user" or row.by.startswith(("rule:", "process:")))


def _stands(row: DecisionRow, where: str) -> bool:
    match where:
        case "without":
            return not row.yours and row.verdict in WITHOUT
        case "waiting":
            return row.verdict is Verdict.WAITING
        case "unknown":
            return row.unknown
    return row.verdict in UNDONE


def _says(row: DecisionRow, words: tuple[str, ...]) -> bool:
    because = msgspec.json.encode(row.because).decode()
    who = "you" if row.by == "user" else row.by
    text = plain(" ".join((row.what, who, row.process, row.kind, row.why, row.id, because)))
    return all(plain(word) in text for word in words)


def plain(text: str) -> str:
    """In small letters as SQLite makes them: those of the English alphabet alone."""
    return text.encode().lower().decode()
