"""The rules as they stand for the processes there are: of one that was removed, only what still wants a person."""

from dataclasses import replace

from services.core.projections.views import View
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue, SubjectRow
from services.orchestrator.history.projections import Processes, ProcessesValue

REMOVED = "the process was removed"


def standing_rules(view: View) -> RulesValue:
    """Every rule in force, and how it stands for each process that is there.

    What a rule has fired for stays although the process was removed, and says so: it would hold it if it came back.
    """
    rules: RulesValue = view.value(RuleStandings)
    known: ProcessesValue = view.value(Processes)
    names = frozenset(row.name for row in known.rows)
    return RulesValue(tuple(_of_those(row, names) for row in rules.rows))


def _of_those(row: RuleRow, names: frozenset[str]) -> RuleRow:
    shown = (_said(each, names) for each in row.subjects if each.alarmed or _is_there(each, names))
    return replace(row, subjects=tuple(shown))


def _is_there(subject: SubjectRow, names: frozenset[str]) -> bool:
    """A rule that tells no subjects apart watches all there is."""
    return not subject.each or subject.each in names


def _said(subject: SubjectRow, names: frozenset[str]) -> SubjectRow:
    if _is_there(subject, names):
        return subject
    return replace(subject, because="; ".join(filter(None, (subject.because, REMOVED))))
