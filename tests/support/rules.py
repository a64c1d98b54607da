"""Rules written as a user writes them, and observations a minute apart, for tests of the engine."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from services.core.metrics import Observation
from services.core.rules.changes import RuleChanged
from services.core.rules.engine import RuleEngine
from services.core.rules.model import Rule
from services.core.yamlfile import parse_model

START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

FLOOR = """
rule: floor
metric: m
window: {last: 30}
fire: {below: 0.80, probability: 0.90, samples: 8, failures: 4}
clear: {below: 0.85, probability: 0.50, new_samples: 10}
then: [alert]
"""
LEVEL = """
rule: level
metric: m
fire: {above: 10}
clear: {below: 5}
then: [alert]
"""


def rule(text: str, **more: str) -> Rule:
    """A rule from YAML; ``more`` adds or replaces top-level keys."""
    lines = [line for line in text.strip().splitlines() if line.split(":")[0] not in more]
    lines += [f"{key.rstrip('_')}: {value}" for key, value in more.items()]
    return parse_model("\n".join(lines), Rule, "test.yaml")


def observation(minute: float, value: float, each: str = "") -> Observation:
    return Observation("m", value, START + minute * MINUTE, each)


def feed(engine: RuleEngine, values: Iterable[float], first: float = 0, each: str = "") -> list[RuleChanged]:
    """One value a minute."""
    changes: list[RuleChanged] = []
    for minute, value in enumerate(values):
        changes += engine.observe(observation(first + minute, value, each))
    return changes


def path(changes: Iterable[RuleChanged]) -> list[str]:
    """The states gone through."""
    return [str(change.after) for change in changes]
