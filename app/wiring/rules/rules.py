"""The rules at work: metrics from events and samples, changes into the journal, actions into the ledger."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from app.engine import Engine
from app.paths import Home
from app.wiring.own_files.file_checks import told_of
from app.wiring.own_files.files import is_default, layered
from app.wiring.rules import asked
from app.wiring.rules.asked import Asked
from app.wiring.rules.rearming import Rearmed, RuleRearmed, enter, measured, way_on
from app.wiring.rules.rule_actions import NOBODY
from services.core.commands import given
from services.core.effects import Details, Refused
from services.core.errors import UserError
from services.core.events import Recorded
from services.core.faults import fault_point
from services.core.journal import Transaction
from services.core.metrics import Metrics, Observation
from services.core.rules.book import RuleBook
from services.core.rules.changes import RuleChanged, Standing
from services.core.rules.engine import RuleEngine
from services.core.rules.events import RearmRule, RuleHeard, RuleMoved, RuleRead, RulesRead
from services.core.rules.holding import rearm_first, stopped
from services.core.rules.model import Rule
from services.core.rules.standings import RuleStandings, RulesValue
from services.core.rules.states import AlertState
from services.core.samples import Rollup
from services.core.store.schema import rule_states
from services.orchestrator.events import Alert
from services.orchestrator.near_names import hint
from services.orchestrator.supervision.holds import Hold

log = logging.getLogger(__name__)
MINUTE = 60


@dataclass(frozen=True)
class Reading:
    """What the files of rules say."""

    rules: tuple[Rule, ...]
    told: tuple[RuleRead, ...]
    """The same in words."""
    mistakes: tuple[UserError, ...]
    unheard: tuple[UserError, ...]
    """Rules that cannot fire, since nothing measures what they are about."""
    undone: tuple[UserError, ...]
    """Actions that rules ask for and nobody carries out."""


@dataclass
class Rules:
    """Feeds the rule engine from the bus, on the core thread; what it asks for is done in workers.

    ``open`` sets the rules to work; ``open_at_rest`` only lets a person re-arm them where nothing runs.
    """

    engine: Engine
    home: Home
    metrics: Metrics
    book: RuleBook = field(default_factory=RuleBook)
    _unkept: bool = False
    _at_work: bool = False

    def open(self) -> None:
        """Read the rule files and what the rules remember, and begin to judge. Blocks."""
        self._load()
        self._at_work = True
        self.engine.ask(self._tell_if_others)
        self.engine.bus.subscribe("rules", self.take)
        self.engine.on_rollups.append(self.take_rollups)
        self.engine.each_second.append(self.tick)

    def open_at_rest(self) -> None:
        """As ``open``, with nothing to judge. Blocks."""
        self._load()

    def _remembering(self, saved: str | None, shown: RulesValue) -> RuleEngine:
        try:
            return RuleEngine(self.reading.rules, msgspec.json.decode(saved) if saved else None)
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
            told = f"what the rules remember cannot be read ({error}): they begin anew, and latched stops are open"
            log.error("%s", told)
            self.engine.journal.append(Alert(told, "rules"), *_begun_anew(shown))
            return RuleEngine(self.reading.rules, None)

    def reload(self) -> None:
        """Read the files again; a file with a mistake keeps its last good rules.

        Blocks: reads in the caller's thread, a worker, and puts the rules in place on the core's.
        """
        reading = self._read()

        def put_in_place() -> None:
            self.reading = reading
            self._follow(self._rules.replace(reading.rules, self.engine.clock.now()), "reload")
            self._tell_if_others()

        self.engine.ask(put_in_place)

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

    def hold(self, process: str) -> Hold | None:
        """What a latched rule has stopped may go on only once it is re-armed. On the core thread."""
        found = self._rules.holding(process)
        if not found:
            return None
        return _hold(found[0])

    def keep(self) -> None:
        """Write what the rules remember: a window half full is filled on after a restart."""
        statement = self._state()
        self.engine.journal.write(lambda tx: tx.connection.execute(statement))

    def _load(self) -> None:
        self.reading = self._read()
        with self.engine.store.reading.connect() as connection:
            saved = connection.execute(select(rule_states.c.state).where(rule_states.c.name == "all")).scalar()
        shown: RulesValue = self.engine.view.value(RuleStandings)
        self._rules = self._remembering(saved, shown)
        self._told = tuple(row.read for row in shown.rows)
        self._heard = {(each.rule, each.each) for row in shown.rows for each in row.subjects}
        self.engine.commands.register(RearmRule, self._rearm)
        self.engine.acts.handlers[RuleRearmed] = Rearmed(self.engine, self._latch_again)
        self.engine.orchestrator.held = self.hold

    def _read(self) -> Reading:
        paths = layered("rules", self.home.taken / "strategies")
        mistakes = self.book.read(paths.values())
        shipped = {name for name, path in paths.items() if is_default(path)}
        known = {metric.name for metric in self.metrics}
        # What is read are the copies of the user's files; the user is told of the files.
        copies, files = self.home.taken, self.home.root
        reading = Reading(
            self.book.rules,
            tuple(_with_file(each, copies, files, shipped) for each in self.book.in_words(known, NOBODY)),
            tuple(told_of(each, copies, files) for each in mistakes),
            tuple(told_of(each, copies, files) for each in self.book.unheard(known)),
            tuple(told_of(each, copies, files) for each in self.book.undone(NOBODY)),
        )
        for mistake in reading.mistakes:
            log.error("%s", mistake)
        for idle in (*reading.unheard, *reading.undone):
            log.warning("%s", idle)
        return reading

    def _observe(self, observation: Observation, cause: str) -> None:
        self._unkept = True
        changes = self._rules.observe(observation)
        fresh = [pair for pair in self._rules.watchers(observation) if pair not in self._heard]
        if fresh:
            self._heard.update(fresh)
            self.engine.journal.append(*(RuleHeard(rule, each) for rule, each in fresh))
        self._follow(changes, cause)

    def _tell_if_others(self) -> None:
        """Tell which rules are in force, where that is not what was told last."""
        if self.reading.told != self._told:
            self._told = self.reading.told
            self.engine.journal.append(RulesRead(list(self._told)))

    def go_on(self) -> None:
        """Do what rules asked for before a crash and nobody has told to be done. Blocks a moment."""
        for each in asked.unanswered(self.engine.journal):
            log.warning("rule %s asked for %r before the crash: done now", each.effect.rule, each.effect.what)
            self._act(each)

    def _follow(self, changes: Sequence[RuleChanged], cause: str) -> None:
        if not changes:
            return
        events, statement = [self._moved(change) for change in changes], self._state()
        acts = [
            asked.asked_for(change, action, cause, self._way_on(change))
            for change in changes
            for action in change.actions
        ]

        def keep(tx: Transaction) -> None:
            tx.connection.execute(statement)
            tx.record(*events)
            asked.ask(tx, acts)

        self.engine.journal.write(keep)
        if self._at_work:  # where nothing runs it is kept for the next start
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
                self._require_names(command.rule, command.each)
                each = command.each or self._only_latched(command.rule)
                before, saw = self._rules.remembered(command.rule, each), self._saw(command.rule, each)
                change = self._rules.rearm(command.rule, each, command.reason, self.engine.clock.now())
            except UserError as unknown:
                done.set_exception(unknown)
                return
            except (LookupError, ValueError) as wrong:
                done.set_exception(UserError(str(wrong), command.rule, "'dreamscape rules' shows what has fired"))
                return
            told = {"rule": change.rule, "each": change.each, "state": str(change.after)}
            effect = RuleRearmed(change.rule, change.each, command.reason.strip(), change.at, before)
            evidence = self._measured(effect)
            with self.engine.journal.together():
                kept = self.engine.journal.append(given(command, by))
                self._follow([change], "rearm")
                self.engine.journal.write(lambda tx: enter(tx, effect, by, saw, evidence))
            kept.add_done_callback(lambda kept: _answer(done, kept, told))

        self.engine.loop.post(on_core)
        return done

    def _require_names(self, rule: str, each: str) -> None:
        """Raise ``UserError`` for a rule that there is not, or for a subject that it does not watch."""
        rules = [known.rule for known in self._rules.rules]
        if rule not in rules:
            raise UserError(f"no rule is called {rule!r}; {hint(rule, rules, 'rules')}")
        watched = [one.each for one in self._rules.standings() if one.rule == rule and one.each]
        if each and each not in watched:
            raise UserError(f"rule {rule!r} watches no {each!r}; {hint(each, watched, 'rules')}")

    def _only_latched(self, rule: str) -> str:
        """For whom a rule is meant that nobody was named for. Raises ``LookupError`` where it holds several."""
        held = self._rules.latched_for(rule)
        if len(held) > 1:
            raise LookupError(f"{rule!r} holds {', '.join(held)}: say which")
        return held[0] if held else ""

    def _saw(self, rule: str, each: str) -> str:
        """What the rule stands on, in words."""
        return next((str(one.evidence) for one in self._rules.standings() if (one.rule, one.each) == (rule, each)), "")

    def _measured(self, effect: RuleRearmed) -> Details:
        metric = next(rule.metric for rule in self._rules.rules if rule.rule == effect.rule)
        return measured(self.engine, self.metrics, metric, effect.each, effect.before)

    def _latch_again(self, effect: RuleRearmed) -> None:
        """Take a re-arming back: shut again, with its old measurement, it does again what it did. In a worker."""

        def on_core() -> None:
            now = self.engine.clock.now()
            try:
                change = self._rules.latch_again(effect.rule, effect.each, effect.before, now)
            except (LookupError, ValueError) as wrong:
                raise Refused(str(wrong)) from wrong
            self._follow([change], f"undo:{effect.key}")

        self.engine.ask(on_core)

    def _way_on(self, change: RuleChanged) -> str:
        """What a person does next; empty where the rule ends by itself."""
        return way_on(change) if self._rules.latched(change.rule, change.each) else ""

    def _act(self, act: Asked) -> None:
        self.engine.workers.start(f"rule {act.effect.key}", lambda: self._decide(act))

    def _decide(self, act: Asked) -> None:
        fault_point("rule.fired")
        self.engine.acts.decide(act.effect, act.because, f"rule:{act.effect.rule}")
        self.engine.journal.write(lambda tx: asked.answered(tx, act))

    def _moved(self, change: RuleChanged) -> RuleMoved:
        return RuleMoved(
            change.rule,
            change.each,
            str(change.before),
            str(change.after),
            str(change.because),
            [str(action) for action in change.actions],
            [str(action) for action in change.withheld],
            change.why_withheld,
            self._rules.latched(change.rule, change.each),
        )


def _answer(done: "Future[Any]", kept: "Future[Any]", told: dict[str, str]) -> None:
    error = kept.exception()
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(told)


def _begun_anew(shown: RulesValue) -> list[RuleMoved]:
    """What has fired is over where the rules remember nothing of it: nobody could re-arm it."""
    stale = [each for row in shown.rows for each in row.subjects if each.state is not AlertState.NORMAL]
    after, why = str(AlertState.NORMAL), "what the rules remembered could not be read"
    return [RuleMoved(each.rule, each.each, str(each.state), after, why, [], [], "") for each in stale]


def _hold(incident: Standing) -> Hold:
    return Hold(f"rule:{incident.rule}", stopped(incident.rule), rearm_first(incident.rule, incident.each))


def _with_file(told: RuleRead, copies: Path, files: Path, shipped: set[str]) -> RuleRead:
    """With the path that the user knows in what is wrong with it, and whether its file came with Dreamscape."""
    unheard, undone = (text.replace(str(copies), str(files)) for text in (told.unheard, told.undone))
    return replace(told, unheard=unheard, undone=undone, shipped=told.file in shipped)
