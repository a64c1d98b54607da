"""The rules at work: metrics from events and samples, changes into the journal, actions into the ledger."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from app.engine import Engine
from app.wiring import asked
from app.wiring.asked import Asked
from app.wiring.files import layered
from services.core.commands import Command, given
from services.core.errors import UserError
from services.core.events import Event, Recorded
from services.core.faults import fault_point
from services.core.journal import Transaction
from services.core.metrics import Better, Metric, Metrics, Observation
from services.core.rules.book import RuleBook
from services.core.rules.changes import RuleChanged, Standing
from services.core.rules.engine import RuleEngine
from services.core.samples import Rollup
from services.core.store.schema import rule_states
from services.orchestrator.events import Alert, Result, RunEnded
from services.trading.metrics import METRICS as TRADING

log = logging.getLogger(__name__)
MINUTE = 60


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


class RearmRule(Command, name="rule.rearm"):
    """End an incident of a latched rule, such as a money stop. ``each`` is the subject; empty for a rule without."""

    rule: str
    each: str
    reason: str


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


def all_metrics() -> Metrics:
    """What the program and its services measure."""
    metrics = house_metrics()
    metrics.include(TRADING)
    return metrics


@dataclass
class Rules:
    """Feeds the rule engine from the bus, on the core thread; what it asks for is done in workers."""

    engine: Engine
    home: Path
    metrics: Metrics
    book: RuleBook = field(default_factory=RuleBook)
    mistakes: tuple[UserError, ...] = ()
    unheard: tuple[UserError, ...] = ()
    """Rules that cannot fire, since nothing measures what they are about."""
    _unkept: bool = False

    def open(self) -> None:
        """Read the rule files and what the rules remember. Blocks."""
        self._read()
        with self.engine.store.reading.connect() as connection:
            saved = connection.execute(select(rule_states.c.state).where(rule_states.c.name == "all")).scalar()
        self._rules = self._remembering(saved)
        self.engine.bus.subscribe("rules", self.take)
        self.engine.on_rollups.append(self.take_rollups)
        self.engine.each_second.append(self.tick)
        self.engine.commands.register(RearmRule, self._rearm)

    def _remembering(self, saved: str | None) -> RuleEngine:
        try:
            return RuleEngine(self.book.rules, msgspec.json.decode(saved) if saved else None)
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
            told = f"what the rules remember cannot be read ({error}): they begin anew, and latched stops are open"
            log.error("%s", told)
            self.engine.journal.append(Alert(told, "rules"))
            return RuleEngine(self.book.rules, None)

    def reload(self) -> None:
        """Read the files again; a file with a mistake keeps its last good rules. On the core thread."""
        self._read()
        self._follow(self._rules.replace(self.book.rules, self.engine.clock.now()), "reload")

    def take(self, batch: Sequence[Recorded]) -> None:
        """Judge what was committed. A subscriber of the bus."""
        for recorded in batch:
            for observation in self.metrics.extract(recorded):
                self._observe(observation, str(recorded.seq))

    def take_rollups(self, rollups: Sequence[Rollup]) -> None:
        """Judge what was sampled in the second that is over."""
        for rollup in rollups:
            observation = self.metrics.sampled(rollup)
            if observation is not None:
                self._observe(observation, f"s{rollup.at}")

    def tick(self) -> None:
        """Let time pass for the rules; called each second."""
        due = self._rules.next_due()
        now = self.engine.clock.now()
        if due is not None and due <= now:
            self._follow(self._rules.tick(now), f"t{int(now.timestamp())}")
        if self._unkept and int(now.timestamp()) % MINUTE == 0:
            self.keep()

    def standings(self) -> list[Standing]:
        """How every rule stands for every subject. On the core thread."""
        return self._rules.standings()

    def keep(self) -> None:
        """Write what the rules remember: a window half full is filled on after a restart."""
        statement = self._state()
        self.engine.journal.write(lambda tx: tx.connection.execute(statement))

    def _read(self) -> None:
        self.mistakes = tuple(self.book.read(layered("rules", self.home).values()))
        self.unheard = tuple(self.book.unheard({metric.name for metric in self.metrics}))
        for mistake in self.mistakes:
            log.error("%s", mistake)
        for deaf in self.unheard:
            log.warning("%s", deaf)

    def _observe(self, observation: Observation, cause: str) -> None:
        self._unkept = True
        self._follow(self._rules.observe(observation), cause)

    def go_on(self) -> None:
        """Do what rules asked for before a crash and nobody has told to be done. Blocks a moment."""
        for each in asked.unanswered(self.engine.journal):
            log.warning("rule %s asked for %r before the crash: done now", each.effect.rule, each.effect.what)
            self._act(each)

    def _follow(self, changes: Sequence[RuleChanged], cause: str) -> None:
        if not changes:
            return
        events, statement = [_moved(change) for change in changes], self._state()
        acts = [asked.asked_for(change, action, cause) for change in changes for action in change.actions]

        def keep(tx: Transaction) -> None:
            tx.connection.execute(statement)
            tx.record(*events)
            asked.ask(tx, acts)

        self.engine.journal.write(keep)
        for act in acts:
            self._act(act)

    def _state(self) -> Insert:
        """What writes the rules' memory as of now."""
        self._unkept = False
        state = msgspec.json.encode(self._rules.save()).decode()
        statement = upsert(rule_states).values(name="all", state=state)
        return statement.on_conflict_do_update(index_elements=["name"], set_={"state": state})

    def _rearm(self, command: Any, by: str) -> "Future[Any]":
        """Obey on the core thread; the answer comes when it is on disk."""
        done: Future[Any] = Future()

        def on_core() -> None:
            try:
                change = self._rules.rearm(command.rule, command.each, command.reason, self.engine.clock.now())
            except (LookupError, ValueError) as wrong:
                done.set_exception(UserError(str(wrong), command.rule, "'dreamscape decisions' shows what has fired"))
                return
            told = {"rule": change.rule, "each": change.each, "state": str(change.after)}
            with self.engine.journal.together():
                kept = self.engine.journal.append(given(command, by))
                self._follow([change], "rearm")
            kept.add_done_callback(lambda kept: _answer(done, kept, told))

        self.engine.loop.post(on_core)
        return done

    def _act(self, act: Asked) -> None:
        self.engine.workers.start(f"rule {act.effect.key}", lambda: self._decide(act))

    def _decide(self, act: Asked) -> None:
        fault_point("rule.fired")
        self.engine.acts.decide(act.effect, act.because, f"rule:{act.effect.rule}")
        self.engine.journal.write(lambda tx: asked.answered(tx, act))


def _answer(done: "Future[Any]", kept: "Future[Any]", told: dict[str, str]) -> None:
    error = kept.exception()
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(told)


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
