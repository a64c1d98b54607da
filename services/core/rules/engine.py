"""The engine: feeds observations and time to every rule, and says what changed. It never acts itself."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from services.core.metrics import Observation
from services.core.rules.alert import Alert
from services.core.rules.changes import RuleChanged, Standing
from services.core.rules.fall import Fall
from services.core.rules.memory import Memory
from services.core.rules.model import Rule

Saved = dict[str, Any]


class RuleEngine:
    """All rules and what they remember. ``saved`` is what ``save`` gave before a restart.

    What is remembered of a rule that is no longer there is kept aside until it comes back: taking a file away and
    putting it back opens no latch and ends no cool-down.
    """

    def __init__(self, rules: Iterable[Rule] = (), saved: Saved | None = None) -> None:
        self._rules: dict[str, Rule] = {}
        self._alerts: dict[str, dict[str, Alert]] = {}
        self._aside: Saved = dict(saved or {})
        for rule in rules:
            self._add(rule)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(self._rules.values())

    def observe(self, observation: Observation) -> list[RuleChanged]:
        """Feed one observation to every rule over its metric."""
        changes: list[RuleChanged] = []
        for rule in self._rules.values():
            if rule.metric == observation.metric:
                changes += self._feed(rule, observation)
        return changes

    def tick(self, now: datetime) -> list[RuleChanged]:
        """Let time pass: for-durations, ageing windows, silence of a metric, actions that had to wait."""
        changes = [change for alert in self._all() for change in alert.advance(now)]
        return sorted(changes, key=lambda change: change.at)

    def next_due(self) -> datetime | None:
        """When ``tick`` is needed next, if no observation comes before."""
        return min((due for alert in self._all() if (due := alert.next_due()) is not None), default=None)

    def replace(self, rules: Iterable[Rule], now: datetime) -> list[RuleChanged]:
        """Put other rules in place. A rule that still measures the same goes on from where it stands.

        One that measures something else starts anew; but a latch stays shut, and cool-downs go on.
        """
        wanted = {rule.rule: rule for rule in rules}
        changes: list[RuleChanged] = []
        for name in [name for name in self._rules if name not in wanted]:
            changes += self._put_aside(name, now)
        for name, rule in wanted.items():
            if name in self._rules:
                changes += self._exchange(rule, now)
            else:
                self._add(rule)
        return changes

    def rearm(self, rule: str, each: str, reason: str, at: datetime) -> RuleChanged:
        """A person ends an incident; raises ``LookupError`` or ``ValueError`` saying what is wrong."""
        alert = self._alerts.get(rule, {}).get(each)
        if alert is None:
            raise LookupError(f"no rule {rule!r} watches {each!r}" if each else f"rule {rule!r} has not fired")
        return alert.rearm(at, reason)

    def latched_for(self, rule: str) -> list[str]:
        """The subjects that a rule holds until it is re-armed for them."""
        return [one.each for one in self.standings() if one.rule == rule and one.latched]

    def latch_again(self, rule: str, each: str, before: Saved, at: datetime) -> RuleChanged:
        """Take a re-arming back: the rule is shut as it was, and does again what it did.

        ``before`` is what ``remembered`` gave then. Raises ``LookupError`` or ``ValueError`` where that cannot be.
        """
        alert = self._alerts.get(rule, {}).get(each)
        if alert is None:
            raise LookupError(f"no rule {rule!r} watches {each!r} any more")
        return alert.latch_again(Memory.load(alert.rule, before), at)

    def remembered(self, rule: str, each: str) -> Saved:
        """What a rule remembers of a subject, as JSON can keep it; empty where it has not seen it."""
        alert = self._alerts.get(rule, {}).get(each)
        return alert.memory.save() if alert is not None else {}

    def standings(self) -> list[Standing]:
        """How every rule stands for every subject it has seen."""
        return [alert.standing() for alert in self._all()]

    def watchers(self, observation: Observation) -> list[tuple[str, str]]:
        """The rules over this observation's metric, each with the subject it is of for them."""
        of_metric = [rule for rule in self._rules.values() if rule.metric == observation.metric]
        return [(rule.rule, observation.each if rule.each else "") for rule in of_metric]

    def latched(self, rule: str, each: str) -> bool:
        """Whether only a person ends what the rule stands at for this subject."""
        alert = self._alerts.get(rule, {}).get(each)
        return alert is not None and alert.memory.latched

    def holding(self, process: str) -> list[Standing]:
        """The latched incidents that paused ``process``: until they are re-armed it is not to go on."""
        return [alert.standing() for alert in self._all() if alert.holds(process)]

    def save(self) -> Saved:
        """Everything remembered, as JSON can keep it."""
        return {**self._aside, **{name: self._saved(name) for name in self._rules}}

    def _saved(self, name: str) -> Saved:
        alerts = self._alerts[name]
        return {
            "measures": _measures(self._rules[name]),
            "subjects": {each: alert.memory.save() for each, alert in alerts.items()},
        }

    def _all(self) -> Iterator[Alert]:
        return (alert for alerts in self._alerts.values() for alert in alerts.values())

    def _feed(self, rule: Rule, observation: Observation) -> list[RuleChanged]:
        subject = observation.each if rule.each else ""
        alert = self._alerts[rule.rule].get(subject)
        if alert is None:
            alert = self._alerts[rule.rule][subject] = Alert(rule, subject)
        if rule.each and not subject:
            return alert.refuse(observation.at, f"an observation of {rule.metric} names no {rule.each}")
        return alert.observe(observation.at, observation.value, observation.fallen)

    def _add(self, rule: Rule) -> None:
        """Take a rule in, with what is remembered of one of its name."""
        remembered = self._aside.pop(rule.rule, {"measures": _measures(rule), "subjects": {}})
        same = remembered["measures"] == _measures(rule)
        self._rules[rule.rule] = rule
        self._alerts[rule.rule] = {
            each: Alert(rule, each, Memory.load(rule, saved if same else {**saved, "fall": {}}))
            for each, saved in remembered["subjects"].items()
            if same or saved["latched"]
        }
        if not rule.each:
            self._alerts[rule.rule].setdefault("", Alert(rule, ""))

    def _put_aside(self, name: str, now: datetime) -> list[RuleChanged]:
        changes = [
            change
            for alert in self._alerts[name].values()
            if not alert.memory.latched
            for change in alert.dismiss(now, "the rule was taken away")
        ]
        self._aside[name] = self._saved(name)
        del self._rules[name], self._alerts[name]
        return changes

    def _exchange(self, rule: Rule, now: datetime) -> list[RuleChanged]:
        same = _measures(self._rules[rule.rule]) == _measures(rule)
        self._rules[rule.rule] = rule
        changes: list[RuleChanged] = []
        for alert in self._alerts[rule.rule].values():
            if not same:
                changes += alert.dismiss(now, "the rule now measures something else")
                alert.memory.fall = Fall()
            changes += alert.adopt(rule, now)
        return changes


def _measures(rule: Rule) -> list[str]:
    """What must stay the same for the values and timers of a rule to keep their meaning."""
    return [rule.metric, rule.each, str(rule.statistic), rule.fire.side]
