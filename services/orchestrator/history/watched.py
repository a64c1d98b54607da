"""The rules as they stand for the processes there are: of one that was removed, only what still wants a person."""

from dataclasses import replace

from services.core.projections.views import View
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue, SubjectRow
from services.orchestrator.events import UNTIL_CHECKPOINT
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow

REMOVED = "the process was removed"
PLAINLY_HELD = frozenset({"holds at a checkpoint", "as it was", "nothing of it runs"})
"""Reasons that say no more than the state does: who holds it says more."""


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


def why_paused(view: View, row: ProcessRow, *, at_rest: bool) -> str:
    """Why somebody holds a process: what the rule saw, or what was told with it; empty where that says nothing more.

    ``at_rest`` nothing runs, so that there is no checkpoint which it has yet to reach.
    """
    rules: RulesValue = view.value(RuleStandings)
    incident = rules.keeping(row.name, row.by)
    told = incident.because if incident is not None else row.because
    return "" if told in PLAINLY_HELD or (at_rest and told == UNTIL_CHECKPOINT) else told
