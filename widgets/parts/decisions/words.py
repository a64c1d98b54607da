"""A decision in a person's words: who took it, why, where it stands. No Qt: past and live states are built of these."""

from __future__ import annotations

from typing import Any

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow
from services.core.plain import plain
from services.core.words import number_text, place_and_mend, term
from widgets.parts.text.times import written_time

_SERVICES = {
    "order": "trading",
    "reply": "engagement",
    "post": "engagement",
    "patch": "debugger",
    "debugger": "debugger",
    "piece": "content",
}
"""Whose matter a kind of effect is, by the word before its first dot."""
_LONGEST = 160


def who(by: str) -> str:
    """``user`` is you; ``process:NAME`` and ``rule:NAME`` are named as what they are."""
    kind, _, name = by.partition(":")
    match kind:
        case "user":
            return "you"
        case "process" if name:
            return name
        case "rule" if name:
            return f"rule “{name}”"
        case "program":
            return "Dreamscape"
        case "watchdog" | "schedule":
            return f"the {kind}"
    return by or "Dreamscape"


def service_of(kind: str) -> str:
    """The service whose colour an effect of this kind wears; empty where it is the house's own."""
    return _SERVICES.get(kind.partition(".")[0], "")


def reasons(because: dict[str, Any] | str) -> tuple[tuple[str, str], ...]:
    """Why, as names and values; a sentence has no name."""
    if isinstance(because, str):
        return (("", because),) if because else ()
    return tuple((term(name), value_text(value)) for name, value in because.items())


def why_line(because: dict[str, Any] | str) -> str:
    """Why, in one line."""
    told = place_and_mend(because) if isinstance(because, dict) else ""
    return bounded(told or " · ".join(f"{name} {value}".strip() for name, value in reasons(because)))


def value_text(value: Any) -> str:
    """One value of some evidence as text; numbers are rounded to what a person reads."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return number_text(value)
        case None:
            return "—"
        case dict():
            return ", ".join(f"{term(str(name))} {value_text(each)}" for name, each in value.items())
        case list() | tuple():
            return ", ".join(value_text(each) for each in value)
        case str():
            return written_time(plain(value))
    return str(value)


def bounded(text: str, longest: int = _LONGEST) -> str:
    """One line of at most ``longest`` characters: what comes from outside may be of any length."""
    flat = " ".join(plain(text).split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"


def standing(row: DecisionRow) -> str:
    """Where it stands, with the reason and who brought it there."""
    if went(row):
        return f"Gone: {row.why}"
    told = _STANDINGS[Verdict.UNKNOWN if row.unknown else row.verdict]
    if row.unknown and row.verdict is Verdict.UNDOING:
        told = "Unknown: look whether it was taken back"
    if row.changed_by and row.verdict in (Verdict.REJECTED, Verdict.UNDONE, Verdict.DONE) and row.changed_by != row.by:
        told = f"{told} by {who(row.changed_by)}"
    return f"{told}: {row.why}" if row.why else told


def went(row: DecisionRow) -> bool:
    """Whether it is a finding that left by itself, since what it told of is gone."""
    return row.finding and row.verdict is Verdict.EXPIRED


def verdict_word(row: DecisionRow) -> str:
    """Where it stands, in one word."""
    return "Gone" if went(row) else str(row.verdict).capitalize()


def status_of(verdict: Verdict) -> str:
    """The colour and shape of where it stands, as the name of a ``Status``."""
    return _STATUSES.get(verdict, "idle")


_STANDINGS = {
    Verdict.WAITING: "Waits for you",
    Verdict.INTENDED: "Begun",
    Verdict.DONE: "Done",
    Verdict.NOT_DONE: "Not done",
    Verdict.UNKNOWN: "Unknown: look whether it was done",
    Verdict.REJECTED: "Rejected",
    Verdict.UNDOING: "Being undone",
    Verdict.UNDONE: "Undone",
    Verdict.EXPIRED: "Expired",
}
_STATUSES = {
    Verdict.WAITING: "warn",
    Verdict.INTENDED: "info",
    Verdict.DONE: "ok",
    Verdict.NOT_DONE: "bad",
    Verdict.UNKNOWN: "bad",
    Verdict.UNDOING: "info",
}
