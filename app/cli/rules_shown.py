"""The rules in words for people: a line for each subject that a rule watches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.columns import WIDE, Cell, Column, paragraph, table
from app.cli.output import local, say

if TYPE_CHECKING:
    from app.control.protocol import Document

_STYLES = {
    "normal": "green",
    "cooling down": "green",
    "pending": "yellow",
    "recovering": "yellow",
    "no data": "yellow",
    "firing": "bold red",
    "latched": "bold red",
    "error": "bold red",
    "dormant": "dim",
    "no value yet": "dim",
}


def show_rules(told: Document) -> None:
    """The answer to ``rules``: mistakes first, then how each stands."""
    for mistake in told["mistakes"]:
        paragraph(mistake)
    for rule in told["rules"]:
        for undone in rule["undone"].splitlines():
            paragraph(undone)
    if not told["rules"]:
        say("No rules were read yet; the next start reads them.")
        return
    columns = (
        Column("Rule", most=28, names=True),
        Column("For", most=20, names=True),
        Column("State"),
        Column("Since"),
        Column("Fires when", share=1, since=WIDE),
        Column("Because", share=2),
    )
    table(columns, [row for rule in told["rules"] for row in _subjects(rule)])


def _subjects(rule: Document) -> Iterator[tuple[Cell | str, ...]]:
    """A line for each subject of a rule; one for a rule that has seen none, with the reason."""
    when = f"{rule['metric']} {rule['condition']}"
    if not rule["subjects"]:
        why = rule["unheard"] or "no value has been measured yet"
        yield rule["rule"], "", _state(rule["state"]), "", when, why
    for each in rule["subjects"]:
        latched = "; only you end it: 'dreamscape rearm'" if each["latched"] else ""
        cooling = f"; cools down until {local(each['cooling_until'])}" if each["cooling_until"] else ""
        held = f"; {each['why_withheld']}" if each["why_withheld"] else ""
        because = f"{each['because']}{held}{cooling}{latched}".removeprefix("; ")
        yield rule["rule"], each["each"], _state(each["state"]), local(each["since"]), when, because


def _state(word: str) -> Cell:
    return Cell(word, _STYLES.get(word, ""))
