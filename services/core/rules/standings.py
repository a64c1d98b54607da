"""The rules as pages read them: what each watches, how it stands for each subject, and what holds it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.core.events import Recorded
from services.core.projections.projection import Projection
from services.core.rules.actions import Verb
from services.core.rules.events import RuleHeard, RuleMoved, RuleRead, RulesRead
from services.core.rules.states import ALARMED, AlertState


@dataclass(frozen=True)
class SubjectRow:
    """How a rule stands for one subject, as known at some moment."""

    rule: str
    each: str
    state: AlertState
    since: datetime
    because: str = ""
    """What it saw when it came into this state; empty while it has only watched."""
    latched: bool = False
    """Only a person ends it."""
    acted_at: datetime | None = None
    actions: tuple[str, ...] = ()
    """What was done then."""
    withheld: tuple[str, ...] = ()
    why_withheld: str = ""

    @property
    def alarmed(self) -> bool:
        """It has fired, and is not over."""
        return self.state in ALARMED

    def has_paused(self, process: str) -> bool:
        """Its actions paused the process."""
        return not {f"{Verb.PAUSE} {process}", f"{Verb.PAUSE} *"}.isdisjoint(self.actions)


@dataclass(frozen=True)
class RuleRow:
    """One rule with all that it watches."""

    read: RuleRead
    subjects: tuple[SubjectRow, ...] = ()

    @property
    def name(self) -> str:
        return self.read.rule

    def word(self, subject: SubjectRow | None, now: datetime) -> str:
        """How it stands, in the one word that window, command line and JSON have for it; without a subject, as such.

        The states of a rule, and: ``latched`` (it has fired, and only a person ends it), ``cooling down`` (it is over,
        and would not act again yet), ``no value yet``, and ``dormant`` (nothing measures its metric).
        """
        if subject is None or self.read.unheard:
            return "dormant" if self.read.unheard else "no value yet"
        if subject.latched:
            return "latched"
        calm = subject.state is AlertState.NORMAL
        return "cooling down" if calm and self.cooling_until(subject, now) else str(subject.state)

    def cooling_until(self, subject: SubjectRow, now: datetime) -> datetime | None:
        """Until when its actions wait, if they do."""
        if self.read.cooldown is None or subject.acted_at is None:
            return None
        until = subject.acted_at + timedelta(seconds=self.read.cooldown)
        return until if until > now else None


@dataclass(frozen=True)
class RulesValue:
    """The rules in force, in the order of their files."""

    rows: tuple[RuleRow, ...] = ()

    def named(self, name: str) -> RuleRow | None:
        return next((row for row in self.rows if row.name == name), None)

    def of(self, subject: str) -> tuple[tuple[RuleRow, SubjectRow], ...]:
        """The rules that watch ``subject``, each with how it stands for it."""
        return tuple((row, each) for row in self.rows for each in row.subjects if each.each == subject)

    def keeps(self, process: str, by: str) -> bool:
        """Whether that for which ``by`` (``rule:NAME``) has paused a process is still so, and not over or re-armed."""
        return self.keeping(process, by) is not None

    def keeping(self, process: str, by: str) -> SubjectRow | None:
        """The incident for which ``by`` (``rule:NAME``) keeps a process paused, if it is not over."""
        row = self.named(by.removeprefix("rule:")) if by.startswith("rule:") else None
        alarmed = (each for each in row.subjects if each.alarmed) if row is not None else iter(())
        return next((each for each in alarmed if each.each == process or each.has_paused(process)), None)

    def holding(self, process: str) -> SubjectRow | None:
        """The latched incident that has paused a process: until it is re-armed the process is not to go on."""
        subjects = (each for row in self.rows for each in row.subjects)
        return next((each for each in subjects if each.latched and each.has_paused(process)), None)


@dataclass
class _Rules:
    read: list[RuleRead] = field(default_factory=list)
    subjects: dict[str, dict[str, SubjectRow]] = field(default_factory=dict)
    """By rule, also of those that are away: what they stand at is remembered for when they come back."""


class RuleStandings(Projection[_Rules, RulesValue]):
    """Every rule in force, and how it stands for every subject it has seen."""

    name = "rules"
    State = _Rules
    handles = (RulesRead, RuleHeard, RuleMoved)

    def fold(self, recorded: Recorded) -> None:
        match recorded.event:
            case RulesRead(rules):
                self.state.read = list(rules)
            case RuleHeard(rule, each):
                fresh = SubjectRow(rule, each, AlertState.NORMAL, recorded.at)
                self.state.subjects.setdefault(rule, {}).setdefault(each, fresh)
            case RuleMoved() as moved:
                subjects = self.state.subjects.setdefault(moved.rule, {})
                subjects[moved.each] = _moved(subjects.get(moved.each), moved, recorded.at)

    def value(self) -> RulesValue:
        subjects = self.state.subjects
        return RulesValue(tuple(RuleRow(read, tuple(subjects.get(read.rule, {}).values())) for read in self.state.read))


def _moved(before: SubjectRow | None, moved: RuleMoved, at: datetime) -> SubjectRow:
    state = AlertState(moved.after)
    kept = before or SubjectRow(moved.rule, moved.each, state, at)
    row = replace(
        kept,
        state=state,
        since=kept.since if kept.state is state else at,
        because=moved.because,
        latched=moved.latched,
        withheld=tuple(moved.withheld),
        why_withheld=moved.why_withheld,
    )
    return replace(row, acted_at=at, actions=tuple(moved.actions)) if moved.actions else row
