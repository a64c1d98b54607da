"""A rule in words, as a person would say when it fires."""

from services.core.durations import format_duration
from services.core.rules.events import RuleRead
from services.core.rules.model import Rule
from services.core.series import Statistic
from services.core.words import counted, number_text


def condition(rule: Rule) -> str:
    """When it fires: ``mean of the last 3 below -2``; ``more than 20 % of the last 20 fail, 90 % sure``."""
    lasting = f", for {format_duration(rule.lasting)}" if rule.lasting is not None else ""
    if rule.fire.probability is not None:
        return f"{_share(rule, rule.fire.probability)}{lasting}"
    return f"{_judged(rule)} {rule.fire.side} {number_text(rule.fire.line, 6)}{lasting}"


def _share(rule: Rule, probability: float) -> str:
    """What must be believed of the share of failures, and from how many values on it is judged."""
    below = rule.fire.side == "below"
    how_many = f"{'fewer' if below else 'more'} than {number_text(100 * rule.fire.line, 3)} %"
    newest = f"the last {rule.window.last}" if rule.window.last else "those"
    within = f" within {format_duration(rule.window.within)}" if rule.window.within else ""
    least = f" and {counted(rule.fire.failures, 'failure')}" if rule.fire.failures else ""
    what = "are good" if below else "fail"
    sure = f"{number_text(100 * probability, 3)} % sure, from {counted(rule.samples, 'value')}{least} on"
    return f"{how_many} of {newest}{within} {what}, {sure}"


def in_words(rule: Rule, file: str, unheard: str = "", undone: str = "") -> RuleRead:
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
        undone,
    )


def _judged(rule: Rule) -> str:
    if rule.window.last == 1:
        return "value"
    statistic = "newest" if rule.statistic is Statistic.LAST else str(rule.statistic)
    if rule.window.within is not None:
        return f"{statistic} within {format_duration(rule.window.within)}"
    return f"{statistic} of the last {rule.window.last}"
