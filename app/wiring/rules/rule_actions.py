"""What rules ask for, carried out through the ledger by the commands a person would use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.engine import Engine
from app.wiring.rules.told import alert_of, command_of
from services.core.commands import Command
from services.core.durations import seconds
from services.core.effects import AT_ONCE, Details, Effect, Outcome, Refused
from services.core.rules.actions import Verb
from services.orchestrator.commands import (
    CancelProcess,
    NoSuchProcess,
    NotNow,
    PauseProcess,
    ResumeProcess,
    RunNow,
)
from services.orchestrator.events import Alert, of_rule
from services.orchestrator.housekeeping.plans import REVIEW

PATIENCE = seconds(60)
"""How long a run that is to be restarted gets to end."""
NOBODY = {
    Verb.ROLL_BACK: "nothing here can be rolled back by a rule",
    Verb.STOP_AUTO_APPLY: "nothing applies patches by itself",
}
"""What rules may ask for and nobody does: refused, and never told as done."""


class ApplyRule(Effect, name="rule.apply"):
    """What a rule asks for, taken through the ledger."""

    rule: str
    each: str
    verb: str
    target: str
    cause: str
    """The event that made it fire: part of the key, so one cause acts once."""
    why: str = ""
    """What the rule saw, in words."""
    way_on: str = ""
    """What a person does next, where only a person ends it."""

    @property
    def key(self) -> str:
        return f"rule:{self.rule}:{self.each}:{self.verb}:{self.target}:{self.cause}"

    @property
    def what(self) -> str:
        subject = f" for {self.each}" if self.each and self.each != self.target else ""
        return f"{self.verb} {self.target}".strip().capitalize() + f"{subject}, by rule “{self.rule}”"


@dataclass(frozen=True)
class RuleActions:
    """Carries out what rules ask for; a pause is undone by resuming."""

    engine: Engine
    raise_log_level: Callable[[str, str], None] | None = None
    """None where nothing runs: there nothing is carried out, and only what was done can be taken back."""
    patience: timedelta = PATIENCE

    def carry_out(self, effect: ApplyRule) -> Details:
        """Raises ``Refused`` for what cannot be done."""
        by = f"rule:{effect.rule}"
        match effect.verb:
            case Verb.PAUSE:
                self._tell(PauseProcess(effect.target, effect.key), by)
            case Verb.RESTART:
                self._restart(effect, by)
            case Verb.RUN:
                self._tell(RunNow(effect.target, {}, effect.key), by)
            case Verb.REPORT:
                self._tell(RunNow(REVIEW, {}, effect.key), by)
            case Verb.RAISE_LOG_LEVEL if self.raise_log_level is not None:
                self.raise_log_level(effect.target or effect.each, by)
            case Verb.ALERT:
                subject = f" for {effect.each}" if effect.each else ""
                told = f"rule “{effect.rule}” fired{subject}: {effect.why}"
                told += f". {effect.way_on}" if effect.way_on else ""
                alert = Alert(told, effect.each or effect.rule, effect.key, of_rule(effect.rule))
                self.engine.clock.result(self.engine.journal.append(alert))
            case _:
                raise Refused(NOBODY.get(Verb(effect.verb), f"nobody carries out “{effect.verb}”"))
        return {"verb": effect.verb, "target": effect.target}

    def look_up(self, effect: ApplyRule) -> Outcome:
        """What rules ask for is done inside the program: the journal tells whether it was."""
        return alert_of(self.engine, effect) if effect.verb == Verb.ALERT else command_of(self.engine, effect)

    def settling(self, effect: ApplyRule) -> timedelta:
        """The journal has a command before anybody obeys it."""
        return AT_ONCE

    def can_undo(self, effect: ApplyRule) -> bool:
        return effect.verb == Verb.PAUSE

    def held(self, effect: ApplyRule) -> str:
        """What a latched rule has paused goes on only once that is re-armed."""
        hold = self.engine.ask(lambda: self.engine.orchestrator.held(effect.target))
        return f"{hold.why}; {hold.mend}" if hold is not None else ""

    def undo(self, effect: ApplyRule, details: Details) -> Details:
        if effect.verb != Verb.PAUSE:
            raise Refused(f"what “{effect.verb}” did cannot be taken back")
        self._tell(ResumeProcess(effect.target), "user")
        return {}

    def _restart(self, effect: ApplyRule, by: str) -> None:
        """End what runs, then begin anew. A process that is paused stays so: a person or another rule held it."""
        process = effect.target
        unit = self.engine.orchestrator.units.get(process)
        if unit is not None and unit.paused_by:
            raise Refused(f"{process} is paused by {unit.paused_by}")
        self._tell(CancelProcess(process), by)
        until = self.engine.clock.monotonic() + self.patience.total_seconds()
        while process in self.engine.ask(self.engine.orchestrator.running):
            if self.engine.clock.monotonic() >= until:
                raise Refused(f"{process} did not end within {self.patience.total_seconds():.0f} s")
            self.engine.clock.wakeup().wait(0.1)
        self._tell(RunNow(process, {}, effect.key), by)

    def _tell(self, command: Command, by: str) -> None:
        try:
            self.engine.clock.result(self.engine.commands.dispatch(command, by))
        except (NoSuchProcess, NotNow) as refusal:
            raise Refused(str(refusal)) from refusal
