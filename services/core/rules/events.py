"""What the rules tell the journal, and what a person can tell them."""

from dataclasses import dataclass

from services.core.commands import Command
from services.core.events import Event


@dataclass(frozen=True)
class RuleRead:
    """A rule as its file has it, in words."""

    rule: str
    metric: str
    each: str
    condition: str
    then: list[str]
    file: str
    latched: bool = False
    dry_run: bool = False
    cooldown: float | None = None
    """Seconds between two takings of its actions."""
    unheard: str = ""
    """Why it cannot fire: nothing measures its metric."""
    undone: str = ""
    """Which of its actions nobody carries out, and why."""
    shipped: bool = False
    """Its file comes with Dreamscape, and the user has none of their own in its place."""


class RulesRead(Event, name="rules.read"):
    """These rules are in force from now on, and no others."""

    rules: list[RuleRead]


class RuleHeard(Event, name="rule.heard"):
    """A rule has seen the first value of a subject, and watches it from now on."""

    rule: str
    each: str


class RuleMoved(Event, name="rule.moved"):
    """A rule changed its state for a subject; ``because`` is what it saw."""

    rule: str
    each: str
    before: str
    after: str
    because: str
    actions: list[str]
    withheld: list[str]
    why_withheld: str
    latched: bool = False
    """From now on only a person ends it."""


class RearmRule(Command, name="rule.rearm"):
    """End an incident of a latched rule, such as a money stop. ``each`` is the subject; empty for a rule without."""

    rule: str
    each: str
    reason: str
