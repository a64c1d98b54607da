"""The rules at work: metrics from committed events, changes into the journal, actions into the ledger."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.engine import Engine
from app.wiring.files import layered
from services.core.effects import Details, Effect, Outcome, Refused, Standing
from services.core.errors import UserError
from services.core.events import Event, Recorded
from services.core.journal import Transaction
from services.core.metrics import Better, Metric, Metrics, Observation
from services.core.rules.actions import Action, Verb
from services.core.rules.book import RuleBook
from services.core.rules.changes import RuleChanged
from services.core.rules.engine import RuleEngine
from services.core.store.schema import rule_states
from services.orchestrator.commands import NoSuchProcess, NotNow, PauseProcess, ResumeProcess, RunNow
from services.orchestrator.events import Alert, Result, RunEnded

log = logging.getLogger(__name__)


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


class ApplyRule(Effect, name="rule.apply"):
    """What a rule asks for, taken through the ledger."""

    rule: str
    each: str
    verb: str
    target: str
    cause: str
    """The event that made it fire: part of the key, so one cause acts once."""

    @property
    def key(self) -> str:
        return f"rule:{self.rule}:{self.each}:{self.verb}:{self.target}:{self.cause}"

    @property
    def what(self) -> str:
        subject = f" for {self.each}" if self.each and self.each != self.target else ""
        return f"{self.verb} {self.target}".strip().capitalize() + f"{subject}, by rule “{self.rule}”"


@dataclass(frozen=True)
class RuleActions:
    """Carries out what rules ask for, by the commands a person would use; a pause is undone by resuming."""

    engine: Engine
    raise_log_level: Callable[[str, str], None]

    def carry_out(self, effect: ApplyRule) -> Details:
        by = f"rule:{effect.rule}"
        match effect.verb:
            case Verb.PAUSE:
                self._tell(PauseProcess(effect.target), by)
            case Verb.RESTART | Verb.RUN:
                self._tell(RunNow(effect.target, {}), by)
            case Verb.RAISE_LOG_LEVEL:
                self.raise_log_level(effect.target or effect.each, by)
            case _:
                self.engine.journal.append(Alert(f"rule “{effect.rule}”: {effect.what}", effect.each or effect.rule))
        return {"verb": effect.verb, "target": effect.target}

    def look_up(self, effect: ApplyRule) -> Outcome:
        # What rules ask for is done inside the program and journalled: without an outcome it did not happen.
        return Outcome(Standing.NOT_DONE, why="the program ended before it was done")

    def undo(self, effect: ApplyRule, details: Details) -> Details:
        if effect.verb != Verb.PAUSE:
            raise Refused(f"what “{effect.verb}” did cannot be taken back")
        self._tell(ResumeProcess(effect.target), "user")
        return {}

    def _tell(self, command: PauseProcess | ResumeProcess | RunNow, by: str) -> None:
        try:
            self.engine.clock.result(self.engine.commands.dispatch(command, by))
        except (NoSuchProcess, NotNow) as refusal:
            raise Refused(str(refusal)) from refusal


def house_metrics() -> Metrics:
    """What the program measures of itself."""
    metrics = Metrics(
        Metric("process.failed", "", "1 for a run that failed, 0 for one that ended well", Better.LOWER, 2),
    )

    @metrics.observes(RunEnded)
    def failed(recorded: Recorded) -> list[Observation]:
        event = recorded.event
        assert isinstance(event, RunEnded)
        if event.result in (Result.CANCELLED, Result.LOST, Result.SUPERSEDED):
            return []
        value = 0.0 if event.result is Result.FINISHED else 1.0
        return [Observation("process.failed", value, recorded.at, event.process)]

    return metrics


@dataclass
class Rules:
    """Feeds the rule engine from the bus, on the core thread; what it asks for is done in workers."""

    engine: Engine
    home: Path
    metrics: Metrics
    book: RuleBook = field(default_factory=RuleBook)
    mistakes: tuple[UserError, ...] = ()

    def open(self) -> None:
        """Read the rule files and what the rules remember. Blocks."""
        self.mistakes = tuple(self.book.read(layered("rules", self.home).values()))
        for mistake in self.mistakes:
            log.error("%s", mistake)
        with self.engine.store.reading.connect() as connection:
            saved = connection.execute(select(rule_states.c.state).where(rule_states.c.name == "all")).scalar()
        self._rules = RuleEngine(self.book.rules, msgspec.json.decode(saved) if saved else None)
        self.engine.bus.subscribe("rules", self.take)

    def reload(self) -> None:
        """Read the files again; a file with a mistake keeps its last good rules. On the core thread."""
        self.mistakes = tuple(self.book.read(layered("rules", self.home).values()))
        self._follow(self._rules.replace(self.book.rules, self.engine.clock.now()), "reload")

    def take(self, batch: Sequence[Recorded]) -> None:
        for recorded in batch:
            for observation in self.metrics.extract(recorded):
                self._follow(self._rules.observe(observation), str(recorded.seq))

    def tick(self) -> None:
        """Let time pass for the rules; called each second."""
        due = self._rules.next_due()
        now = self.engine.clock.now()
        if due is not None and due <= now:
            self._follow(self._rules.tick(now), f"t{int(now.timestamp())}")

    def _follow(self, changes: Sequence[RuleChanged], cause: str) -> None:
        if not changes:
            return
        state = msgspec.json.encode(self._rules.save()).decode()
        events = [_moved(change) for change in changes]
        statement = upsert(rule_states).values(name="all", state=state)
        statement = statement.on_conflict_do_update(index_elements=["name"], set_={"state": state})

        def keep(tx: Transaction) -> None:
            tx.connection.execute(statement)
            tx.record(*events)

        self.engine.journal.write(keep)
        for change in changes:
            for action in change.actions:
                self._act(change, action, cause)

    def _act(self, change: RuleChanged, action: Action, cause: str) -> None:
        effect = ApplyRule(change.rule, change.each, str(action.verb), action.target, cause)
        because = change.because.as_dict()
        by = f"rule:{change.rule}"
        self.engine.workers.start(f"rule {effect.key}", lambda: self._decide(effect, because, by))

    def _decide(self, effect: ApplyRule, because: Details, by: str) -> None:
        self.engine.acts.decide(effect, because, by)


def _moved(change: RuleChanged) -> RuleMoved:
    return RuleMoved(
        change.rule,
        change.each,
        str(change.before),
        str(change.after),
        str(change.because),
        [str(action) for action in change.actions],
        [str(action) for action in change.withheld],
        change.why_withheld,
    )
