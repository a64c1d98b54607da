"""A rule in words, as a person would say when it fires."""

from services.core.durations import format_duration
from services.core.rules.events import RuleRead
from services.core.rules.model import Rule
from services.core.series import Statistic


def condition(rule: Rule) -> str:
    """When it fires: ``mean of the last 3 below -2``."""
    certain = f", {rule.fire.probability:.0%} sure" if rule.fire.probability is not None else ""
    lasting = f", for {format_duration(rule.lasting)}" if rule.lasting is not None else ""
    return f"{_judged(rule)} {rule.fire.side} {rule.fire.line:g}{certain}{lasting}"


def in_words(rule: Rule, file: str, unheard: str = "") -> RuleRead:
    """The rule as the journal tells it."""
    return RuleRead(
        rule.rule,
        rule.metric,
        rule.each,
        condition(rule),
        [str(action) for action in rule.then],
        file,
        rule.latched,
        rule.dry_run,
        rule.cooldown.total_seconds() if rule.cooldown is not None else None,
        unheard,
    )


def _judged(rule: Rule) -> str:
    if rule.window.last == 1:
        return "value"
    statistic = "newest" if rule.statistic is Statistic.LAST else str(rule.statistic)
    if rule.window.within is not None:
        return f"{statistic} within {format_duration(rule.window.within)}"
    return f"{statistic} of the last {rule.window.last}"
