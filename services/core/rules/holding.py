"""What a latched rule holds: a pause that it took is not undone before a person has re-armed the rule."""

import shlex

from services.core.decisions.decision import Decision, can_be_undone
from services.core.decisions.inbox import DecisionRow
from services.core.rules.actions import Verb
from services.core.rules.standings import RulesValue


def how_to_rearm(rule: str, each: str) -> str:
    """Where and by which command a person arms it again."""
    words = " ".join(shlex.quote(word) for word in ("dreamscape", "rearm", rule, each) if word)
    return f"on the Rules page, or by {words} --reason '…'"


def stopped(rule: str) -> str:
    """What it has done with what it holds."""
    return f"rule “{rule}” has stopped it"


def rearm_first(rule: str, each: str) -> str:
    """What a person does before what the rule holds can go on."""
    return f"re-arm the rule first: {how_to_rearm(rule, each)}"


def undo_held(decided: DecisionRow | Decision, rules: RulesValue) -> str:
    """Why a decision that could be undone cannot be yet, and what a person does first; empty where nothing holds it."""
    could = decided.by.startswith("rule:") and can_be_undone(decided.verdict, decided.undoable)
    if not could or decided.outcome.get("verb") != Verb.PAUSE:
        return ""
    shut = rules.holding(str(decided.outcome.get("target", "")))
    return f"{stopped(shut.rule)}; {rearm_first(shut.rule, shut.each)}" if shut is not None else ""
