"""The decision at a bar, term by term."""

from __future__ import annotations

import math
from dataclasses import dataclass

from services.core.words import number_text, titled
from services.trading.chart.charted import Charted, ChartedTerm
from widgets.parts.text.times import signed

_ROLES = {"macd_cross": "trading", "macd_curl": "trading", "momentum": "accent", "volume": "info"}
_OTHERS = "engagement"
"""The colour of terms of the social stream."""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A name and a value, with a bar (0 to 1) before it where it has a part."""

    name: str
    value: str
    part: float | None = None
    role: str = "tx1"
    bar_role: str = "accent"


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """``word`` is what the bar asks for; ``rows`` its terms; ``sentence`` says what they are together."""

    word: str
    rows: tuple[ValueRow, ...]
    sentence: str


def decision_at(charted: Charted, bar: int, *, holds: bool) -> DecisionShown:
    """What the terms said at that bar, and what it asks of a bot that ``holds`` a position or not."""
    if not 0 <= bar < charted.count:
        return DecisionShown("", (), "No candle has been taken yet.")
    rows = tuple(_row(term, term.values[bar], alone=len(charted.terms) == 1) for term in charted.terms)
    return DecisionShown(_word(charted, bar, holds=holds), rows, _sentence(charted, bar))


def _row(term: ChartedTerm, value: float, *, alone: bool) -> ValueRow:
    weight = "" if alone or term.weight == 1 else f" ×{number_text(term.weight)}"
    name = f"{titled(term.name)}{weight}" + (" (required)" if term.required and not alone else "")
    if math.isnan(value):
        return ValueRow(name, "no data", 0.0, "tx2")
    role = _ROLES.get(term.kind, _OTHERS) if value >= 0 else "bad"
    return ValueRow(name, signed(value), abs(value), "tx1", role)


def _word(charted: Charted, bar: int, *, holds: bool) -> str:
    score, conduct = charted.score[bar], charted.conduct
    if math.isnan(score):
        return "no data"
    lacks = any(term.required and not term.values[bar] > 0 for term in charted.terms)
    if not holds and score >= conduct.enter and not lacks:
        return "enter"
    return "exit" if holds and score <= conduct.exit else "hold"


def _sentence(charted: Charted, bar: int) -> str:
    score, conduct = charted.score[bar], charted.conduct
    rule = f"Buys at {signed(conduct.enter)} combined, sells at {signed(conduct.exit)}."
    if math.isnan(score):
        return f"{rule} No term has data here yet."
    known = [(term, term.values[bar]) for term in charted.terms if not math.isnan(term.values[bar])]
    against = [titled(term.name) for term, value in known if value < 0]
    silent = [titled(term.name) for term, value in known if value == 0]
    told = f"{rule} Here {signed(score)}"
    if against:
        return f"{told}: {_listed(against)} {'is' if len(against) == 1 else 'are'} against it."
    return f"{told}: {_listed(silent)} {'says' if len(silent) == 1 else 'say'} nothing." if silent else f"{told}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
