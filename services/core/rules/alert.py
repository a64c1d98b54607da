"""The state machine of one rule for one subject: NORMAL, PENDING, FIRING, RECOVERING, NO_DATA, ERROR.

It moves only at moments given to it: an observation, or a deadline of its own that has passed. ``advance`` goes
through all passed deadlines in order, so what comes out does not depend on how often it was called.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.core.metrics import Fallen
from services.core.rules.actions import Action, Verb
from services.core.rules.changes import RuleChanged, Standing
from services.core.rules.judgement import Judgement, judge_clear, judge_fire, unfit
from services.core.rules.memory import Memory
from services.core.rules.model import Rule
from services.core.rules.restraint import remembered, withheld_until
from services.core.rules.states import ALARMED, UNJUDGED, AlertState


class Alert:
    """One rule watching one subject."""

    def __init__(self, rule: Rule, each: str, memory: Memory | None = None) -> None:
        self.rule = rule
        self.each = each
        self.memory = memory or Memory.of(rule)
        self._drop_unfit()

    def observe(self, at: datetime, value: float, fallen: Fallen | None = None) -> list[RuleChanged]:
        """Go through the deadlines before ``at``, then take the value in; a fall counts from where it was armed."""
        if fallen is not None:
            value = self.memory.fall.since_armed(value, fallen)
        fault = unfit(self.rule, value)
        if fault:
            return self.refuse(at, fault)
        changes = self.advance(at)
        memory, now = self.memory, self._moved_to(at)
        memory.series.add(now, value)
        memory.new += 1
        memory.fault = ""
        memory.watched = memory.watched or now
        memory.seen = now
        return changes + self._step(now)

    def refuse(self, at: datetime, fault: str) -> list[RuleChanged]:
        """Take note of an observation that cannot be judged; the next good one ends the fault."""
        changes = self.advance(at)
        now = self._moved_to(at)
        self.memory.fault = fault
        self.memory.seen = now
        return changes + self._step(now)

    def advance(self, now: datetime) -> list[RuleChanged]:
        """Go through every deadline up to ``now``."""
        changes: list[RuleChanged] = []
        while (due := self.next_due()) is not None and due <= now:
            changes += self._step(self._moved_to(due))
        if self.memory.now is not None:
            self._moved_to(now)
        return changes

    def adopt(self, rule: Rule, now: datetime) -> list[RuleChanged]:
        """Go on under a changed rule, with everything remembered."""
        changes = self.advance(now)
        memory = self.memory
        if self.rule.dry_run and not rule.dry_run:
            memory.acted = []  # what a dry run did not do must not cool down what is now meant
        memory.series = memory.series.rebound(rule.window.last, rule.window.within)
        self.rule = rule
        self._drop_unfit()
        return changes + (self._step(self._moved_to(now)) if memory.now is not None else [])

    def dismiss(self, now: datetime, why: str) -> list[RuleChanged]:
        """Empty the window and, unless latched, end what it had led to; ``acted`` is still remembered."""
        memory, now = self.memory, self._moved_to(now)
        memory.series.keep(0)
        memory.new, memory.fault, memory.seen, memory.watched = 0, "", None, None
        if memory.latched or memory.state is AlertState.NORMAL:
            return []
        memory.owed = False
        return [self._enter(AlertState.NORMAL, now, judge_fire(self.rule, [], why))]

    def rearm(self, at: datetime, reason: str) -> RuleChanged:
        """Back to NORMAL with an empty window, because a person said so; raises ``ValueError`` without a reason.

        A fall is measured from here on, else the one that it fired for would fire again at once.
        """
        memory = self.memory
        if not reason.strip():
            raise ValueError("re-arming needs a reason")
        if self._standing not in ALARMED:
            raise ValueError(f"{self.rule.rule!r} is {memory.state}; only a rule that has fired is re-armed")
        memory.latched = False
        memory.fall.begin_anew()
        return self.dismiss(at, f"re-armed: {reason.strip()}")[0]

    def latch_again(self, before: Memory, at: datetime) -> RuleChanged:
        """Take a re-arming back; raises ``ValueError`` where it has fired since, or was not shut ``before``."""
        if self._standing in ALARMED:
            raise ValueError(f"{self.rule.rule!r} has fired again since")
        if not (before.latched and self.rule.latched):
            raise ValueError(f"{self.rule.rule!r} is no rule that only a person ends")
        now = self._moved_to(at)
        before.now, before.acted, before.fall.newest = now, self.memory.acted, self.memory.fall.newest
        before.owed = True
        self.memory, was = before, self.memory.state
        why = judge_fire(self.rule, [], "its re-arming was taken back")
        change = self._enter(AlertState.FIRING, now, why)
        return replace(change, before=was)

    def holds(self, process: str) -> bool:
        """Whether it has paused ``process``, and only a person ends that."""
        if not self.memory.latched or self.memory.owed or self.rule.dry_run:
            return False
        paused = {action.aimed_at(self.each).target for action in self.rule.then if action.verb is Verb.PAUSE}
        return not paused.isdisjoint({process, "*"})

    def next_due(self) -> datetime | None:
        """When it may move without a new observation."""
        now = self.memory.now
        return min((due for due in self._deadlines() if due is not None and (now is None or due > now)), default=None)

    def standing(self) -> Standing:
        memory = self.memory
        last = memory.acted[-1] if memory.acted else None
        return Standing(
            self.rule.rule, self.each, memory.state, memory.since, self._fire().evidence, memory.latched, last
        )

    @property
    def _standing(self) -> AlertState:
        """The state, or what lies beneath NO_DATA and ERROR."""
        return self.memory.beneath if self.memory.state in UNJUDGED else self.memory.state

    def _deadlines(self) -> list[datetime | None]:
        rule, memory = self.rule, self.memory
        pending = memory.state is AlertState.PENDING
        owes = memory.owed and memory.state is AlertState.FIRING
        return [
            memory.series.next_expiry,
            _after(memory.since if pending else None, rule.lasting),
            _after(memory.seen, rule.no_data),
            _after(memory.watched if rule.counts_silence else None, rule.window.within),
            withheld_until(rule, memory.acted)[0] if owes else None,
        ]

    def _drop_unfit(self) -> None:
        """Forget a window that an older version of the rule filled with values this one cannot judge."""
        if any(unfit(self.rule, value) for value in self.memory.series.values()):
            self.memory.series.keep(0)

    def _moved_to(self, moment: datetime) -> datetime:
        self.memory.now = max(moment, self.memory.now or moment)
        return self.memory.now

    def _step(self, now: datetime) -> list[RuleChanged]:
        """Judge at ``now``, and move if that says so."""
        memory, standing = self.memory, self._standing
        memory.series.expire(now)
        fire = self._fire()
        clear = judge_clear(self.rule, memory.series.values(), memory.new)
        after = self._next(standing, fire, clear, now)
        if after is memory.state:
            return self._pay(now, fire)
        if after in UNJUDGED:
            memory.beneath = standing if standing in ALARMED else AlertState.NORMAL
        elif after is AlertState.FIRING and standing not in ALARMED:
            memory.new, memory.owed, memory.latched = 0, True, self.rule.latched
        elif after is AlertState.NORMAL and standing in ALARMED:
            self._forget_incident()
            return [self._enter(after, now, clear)]
        return [self._enter(after, now, fire)]

    def _next(self, standing: AlertState, fire: Judgement, clear: Judgement, now: datetime) -> AlertState:
        memory, rule = self.memory, self.rule
        if memory.latched:
            return AlertState.FIRING
        if memory.fault:
            return AlertState.ERROR
        if rule.no_data and memory.seen and now - memory.seen >= rule.no_data:
            return AlertState.NO_DATA
        if standing in ALARMED:
            return _alarmed(standing, fire, clear)
        return self._calm(fire, now)

    def _calm(self, fire: Judgement, now: datetime) -> AlertState:
        if not fire.met:
            return AlertState.NORMAL
        if self.rule.lasting is None:
            return AlertState.FIRING
        due = _after(self.memory.since, self.rule.lasting)
        lasted = self.memory.state is AlertState.PENDING and due is not None and due <= now
        return AlertState.FIRING if lasted else AlertState.PENDING

    def _fire(self) -> Judgement:
        return judge_fire(self.rule, self.memory.series.values(), self.memory.fault or self._too_early())

    def _too_early(self) -> str:
        """Few events in a window are a fact only once the whole window was watched."""
        rule, memory = self.rule, self.memory
        if not rule.counts_silence or rule.fire.side == "above":
            return ""
        full = _after(memory.watched, rule.window.within)
        watched = full is not None and memory.now is not None and full <= memory.now
        return "" if watched else "the window is not full yet, not judged yet"

    def _forget_incident(self) -> None:
        if self.rule.clear is not None and self.rule.clear.new_samples:
            self.memory.series.keep(self.memory.new)
        self.memory.owed = False

    def _pay(self, now: datetime, fire: Judgement) -> list[RuleChanged]:
        """Take actions that had to wait, once nothing holds them back."""
        memory = self.memory
        if memory.state is not AlertState.FIRING or not memory.owed:
            return []
        if withheld_until(self.rule, memory.acted)[0] > now:
            return []
        since = memory.since
        change = self._enter(AlertState.FIRING, now, fire)
        memory.since = since
        return [change]

    def _enter(self, after: AlertState, now: datetime, why: Judgement) -> RuleChanged:
        memory = self.memory
        before, memory.state, memory.since = memory.state, after, now
        actions, withheld, reason = self._act(now) if after is AlertState.FIRING else ((), (), "")
        return RuleChanged(self.rule.rule, self.each, before, after, now, why.evidence, actions, withheld, reason)

    def _act(self, now: datetime) -> tuple[tuple[Action, ...], tuple[Action, ...], str]:
        """The actions to do and those withheld, with the reason."""
        memory, rule = self.memory, self.rule
        if not memory.owed:
            return (), (), ""
        actions = tuple(action.aimed_at(self.each) for action in rule.then)
        until, why = withheld_until(rule, memory.acted)
        if until > now:
            return (), actions, why
        memory.owed = False
        memory.acted = remembered(memory.acted, now)
        return ((), actions, "dry run") if rule.dry_run else (actions, (), "")


def _alarmed(standing: AlertState, fire: Judgement, clear: Judgement) -> AlertState:
    if clear.met:
        return AlertState.NORMAL
    if fire.met:
        return AlertState.FIRING
    return AlertState.RECOVERING if fire.evidence.judged else standing


def _after(moment: datetime | None, span: timedelta | None) -> datetime | None:
    return moment + span if moment is not None and span is not None else None
