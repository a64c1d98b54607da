"""Decisions in words for people: what waits, what was done, and one of them in full."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.cli.columns import WIDE, Cell, Column, line, paragraph, table
from app.cli.output import local, local_minute, say, words
from services.core.words import counted, term
from widgets.parts.text.times import written_time

if TYPE_CHECKING:
    from app.control.protocol import Document

DECIDERS = ("you", "rule", "process", "learner", "program")
"""Who decides, as ``--by`` is told; the ledger knows the same words."""
SHORT = 8
"""Letters of an id that are shown: the beginning of one is enough wherever one is asked for."""
_LABEL = 10
_REASON_LINES = 3
_GROUPS = ("to approve", "to look at", "put off")
_ANSWERS = ("approve", "edit", "look-again", "reject", "snooze", "wake")
_STYLES = {"done": "green", "waiting": "cyan", "unknown": "bold yellow", "not done": "red", "expired": "dim"}


def show_inbox(told: Document) -> None:
    """What waits: each with its words whole, and its reason in a few lines."""
    items = told["items"]
    if not items:
        say("Nothing waits for you.")
    groups = [group for group in _GROUPS if any(each["group"] == group for each in items)]
    for group in groups:
        line(group.capitalize(), "bold")
        for each in (each for each in items if each["group"] == group):
            lead = f"{each['id'][:SHORT]}  "
            paragraph(each["what"], len(lead), "", lead)
            paragraph(_beneath(each), len(lead), "dim", most=_REASON_LINES)
        say("")
    if items:
        paragraph(f"{_counted(told)}. 'inbox ID' shows one in full; {', '.join(_answers(items))} ID.")
    if told["snoozed"] and not any(each["snoozed_until"] for each in items):
        say(f"{told['snoozed']} put off; 'dreamscape inbox --all' shows them too.")


def show_decisions(told: Document) -> None:
    """The table of decisions, also shown after one was settled."""
    columns = (
        Column("Id"),
        Column("When"),
        Column("State"),
        Column("What", share=3),
        Column("By", most=20, since=WIDE),
        Column("Because", share=2, since=WIDE),
        Column("Undo"),
    )
    table(
        columns,
        [
            (
                each["id"][:SHORT],
                local(each["at"]),
                Cell(each["verdict"], _STYLES.get(each["verdict"], "")),
                each["what"],
                who(each["by"]),
                _why(each),
                "re-arm first" if each["undo_held"] else "yes" if each["undoable"] else "",
            )
            for each in told["decisions"]
        ],
    )


def show_ledger(told: Document, asked: Document) -> None:
    """A part of the ledger, and below it which part that is and how the older ones are had."""
    shown, matching, total = told["decisions"], told["matching"], told["total"]
    narrowed = any(asked[name] for name in ("by", "kind", "process"))
    if not shown:
        say(_none(matching, total, asked["before"]))
        return
    show_decisions(told)
    say("")
    which = "Older ones" if asked["before"] else "All" if not told["older"] else "The newest"
    fit = f"{matching:,} that fit" if narrowed else f"{total:,}"
    of = f" of {fit}" if told["older"] or asked["before"] else " that fit" if narrowed else ""
    in_all = f"; {counted(total, 'decision')} in all" if narrowed else ""
    paragraph(f"{which}: {len(shown):,}{of}{in_all}.")
    if told["older"]:
        given = [f"--{name} {shlex.quote(str(asked[name]))}" for name in ("by", "kind", "process") if asked[name]]
        more = " ".join(("dreamscape decisions", *given, f"--before {shown[-1]['id'][:SHORT]}"))
        paragraph(f"{counted(told['older'], 'is older', 'are older')}: {more}")
    elif told["removed"]:
        gone = counted(told["removed"], "older order of replays is", "older orders of replays are")
        paragraph(f"{gone} no longer kept (store.replay_keep_days).")


def _none(matching: int, total: int, before: str) -> str:
    if not total:
        return "Nothing was decided yet."
    return "None is older." if before and matching else f"None of {counted(total, 'decision')} fits."


def show_one(each: Document) -> None:
    """All that is known of one decision, with what can be edited of it."""
    line(each["what"], "bold")
    facts = (
        ("Id", each["id"]),
        ("Kind", each["kind"]),
        ("State", f"{each['verdict']}, {each['why']}" if each["why"] else each["verdict"]),
        ("Decided", f"{local(each['at'])} by {who(each['by'])}"),
        ("Expires", local(each["expires"]) if each["verdict"] == "waiting" else ""),
        ("Editable", ", ".join(each["editable"])),
        ("Because", words(each["because"])),
        ("Undo", f"not yet: {each['undo_held']}" if each["undo_held"] else ""),
    )
    for name, text in facts:
        if not text and name in ("Expires", "Editable", "Undo"):
            continue
        paragraph(text, _LABEL, _STYLES.get(each["verdict"], "") if name == "State" else "", name)
    for title in ("fields", "evidence", "outcome"):
        if each.get(title):
            # What can be edited stands as it is to be written.
            _show_values(title.capitalize(), each[title], each["editable"] if title == "fields" else ())


def who(by: str) -> str:
    """``user`` is you; a process is its name."""
    kind, _, name = by.partition(":")
    return "you" if by == "user" else f"rule “{name}”" if kind == "rule" else name or by


def _show_values(title: str, values: dict[str, Any], raw: Sequence[str]) -> None:
    from widgets.parts.decisions.words import value_text

    say("")
    line(title, "bold")
    for name, value in values.items():
        exact = name in raw
        text = (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if exact else value_text(value)
        )
        text = text if exact else written_time(text)
        name = name if exact else term(name)
        if "\n" not in text:
            paragraph(text, len(name) + 4, "", f"  {name}")
            continue
        line(f"  {name}")
        for each in text.splitlines():
            say(f"    {each}")


def _beneath(each: Document) -> str:
    told = f"since {local_minute(each['at'])}"
    if each["snoozed_until"]:
        told += f", put off until {local_minute(each['snoozed_until'])}"
    if each["expires"] and each["verdict"] == "waiting":
        told += f", expires {local_minute(each['expires'])}"
    if each["verdict"] != "waiting":
        told += (
            f", {each['verdict']}: look whether it was done, and say so with 'settle ID done' or 'settle ID not-done'"
        )
    if each["why"] and each["verdict"] == "waiting":
        told += f", {each['why']}"
    because = words(each["because"])
    return f"{told}, {because}" if because else told


def _why(each: Document) -> str:
    return words(each["because"]) + (f" ({each['why']})" if each["why"] else "")


def _counted(told: Document) -> str:
    """How many wait, by what they want of a person."""
    counts = (("to_approve", "to approve"), ("to_look_at", "to look at"), ("snoozed", "put off"))
    return ", ".join(f"{told[name]} {words}" for name, words in counts if told[name])


def _answers(items: list[Document]) -> list[str]:
    """What can be said to some of them; of an unknown act that stands beside it."""
    said = {answer for each in items for answer in each["answers"]}
    return [answer for answer in _ANSWERS if answer in said] or ["settle"]
