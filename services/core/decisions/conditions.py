"""What is wanted of the ledger, as a condition on its table."""

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, true

from services.core.decisions.decision import Verdict
from services.core.decisions.wanted import UNDONE, WITHOUT, Wanted, kinds_in, plain
from services.core.store.prefixes import begins
from services.core.store.schema import decisions


def condition(wanted: Wanted) -> ColumnElement[bool]:
    """What ``fits`` says of a known row, said of the table."""
    d = decisions.c
    parts: list[ColumnElement[bool]] = [true()]
    if wanted.process:
        parts.append(d.process == wanted.process)
    if wanted.kind:
        meant = [each for word in kinds_in(wanted.kind).values() for each in word]
        parts.append(or_(false(), *(func.instr("." + d.kind + ".", f".{each}.") > 0 for each in meant)))
    if wanted.by:
        parts.append(_by(wanted.by))
    if wanted.stands:
        parts.append(_standing(wanted.stands))
    parts += [func.instr(_text(), plain(word)) > 0 for word in wanted.words]
    return and_(*parts)


def _by(by: str) -> ColumnElement[bool]:
    d = decisions.c
    learned = begins(d.kind, "learner.")
    rule, process = begins(d.by, "rule:"), begins(d.by, "process:")
    match by:
        case "you":
            return or_(d.by == "user", d.changed_by == "user")
        case "rule":
            return rule
        case "learner":
            return learned
        case "process":
            return and_(process, not_(learned))
    return not_(or_(learned, d.by == "user", rule, process))


def _standing(where: str) -> ColumnElement[bool]:
    d = decisions.c
    match where:
        case "without":
            return and_(d.by != "user", d.changed_by != "user", d.verdict.in_(list(WITHOUT)))
        case "waiting":
            return d.verdict == Verdict.WAITING
        case "unknown":
            return or_(d.verdict == Verdict.UNKNOWN, and_(d.verdict == Verdict.UNDOING, d.why != ""))
    return d.verdict.in_(list(UNDONE))


def _text() -> ColumnElement[str]:
    d = decisions.c
    who = case((d.by == "user", "you"), else_=d.by)
    parts = (d.what, who, d.process, d.kind, d.why, d.id, d.because)
    text = parts[0] + ""
    for part in parts[1:]:
        text = text + " " + part
    return func.lower(text)
