"""A rule as the user writes it in ``strategies/rules/*.yaml``, with every mistake told at once."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BeforeValidator, Field, WithJsonSchema, model_validator

from services.core.durations import parse_duration
from services.core.rules.actions import Action, Verb, parse_action
from services.core.series import LIMIT, TOTALS, Statistic
from services.core.words import typed_number
from services.core.yamlfile import Document


def _duration(value: Any) -> timedelta:
    if not isinstance(value, str):
        raise ValueError("a duration needs its unit; write such as 90s, 5m, 24h or 7d")
    duration = parse_duration(value)
    if not timedelta(0) < duration <= timedelta(days=366):
        raise ValueError("a duration here is more than nothing and at most a year")
    return duration


def _action(value: Any) -> Action:
    if not isinstance(value, str):
        raise ValueError("an action is a few words, such as alert or pause each")
    return parse_action(value)


Duration = Annotated[timedelta, BeforeValidator(_duration), WithJsonSchema({"type": "string"}), Field(examples=["10m"])]
OneAction = Annotated[
    Action, BeforeValidator(_action), WithJsonSchema({"type": "string"}), Field(examples=[str(Verb.ALERT)])
]
Probability = Annotated[float, Field(gt=0, lt=1, examples=[0.9])]


class Window(Document):
    """What is judged: the last so many values, or those of the last so long."""

    last: int | None = Field(default=None, ge=1, le=LIMIT, examples=[20])
    within: Duration | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.last is None) == (self.within is None):
            raise ValueError("give a window either last (a number of values) or within (a duration), not both")
        return self


class Threshold(Document):
    """A line and the side of it that is meant, with the certainty that is asked for, if any."""

    below: float | None = Field(default=None, examples=[0.8])
    above: float | None = Field(default=None, examples=[0.2])
    probability: Probability | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.below is None) == (self.above is None):
            raise ValueError("give either below or above, not both")
        return self

    @property
    def line(self) -> float:
        return self.below if self.below is not None else self.above or 0.0

    @property
    def side(self) -> str:
        return "below" if self.below is not None else "above"


class Fire(Threshold):
    """When it fires. Nothing is judged before ``samples`` values were seen."""

    samples: int | None = Field(default=None, ge=0, le=LIMIT)
    failures: int = Field(default=0, ge=0)
    """Bad outcomes that must be in the window: zeros for ``below``, ones for ``above``."""


class Clear(Threshold):
    """When it is over. On the side that fired: the belief in trouble has fallen under ``probability``.

    On the other side: the statistic is there, or is believed to be with ``probability``.
    """

    new_samples: int = Field(default=0, ge=0, le=LIMIT)
    """Values seen since it fired; the clearing is then judged on those alone, and older ones are dropped."""


class Rule(Document):
    """One threshold over one metric, judged for each subject by itself."""

    rule: str = Field(min_length=1, max_length=120, examples=["drawdown stop"])
    metric: str = Field(min_length=1, examples=["trading.drawdown"])
    each: str = Field(default="", examples=["trader"])
    """What the subjects are (a process, a strategy); without it all observations are judged together."""
    window: Window = Field(default=Window(last=1), examples=[{"last": 20}])
    statistic: Statistic = Statistic.MEAN
    fire: Fire = Field(examples=[{"above": 0.2}])
    lasting: Duration | None = Field(default=None, alias="for")
    clear: Clear | None = Field(default=None, examples=[{"below": 0.1}])
    cooldown: Duration | None = None
    """The least time between two takings of the actions, for each subject."""
    max_per_day: int | None = Field(default=None, ge=1)
    """How often in any 24 hours the actions are taken, for each subject."""
    no_data: Duration | None = None
    """Silence of the metric that is a state of its own."""
    dry_run: bool = False
    """Tell what would have been done, and do nothing."""
    silence_until: AwareDatetime | None = Field(default=None, examples=["2026-01-31T09:30:00Z"])
    latched: bool = False
    """Once fired, only a person re-arms it, with a reason."""
    then: tuple[OneAction, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        wrong = [mistake for mistake in _incoherences(self) if mistake]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def samples(self) -> int:
        """The least number of values that is judged."""
        if self.fire.samples is not None:
            return self.fire.samples
        if self.fire.probability is not None:
            return 8
        return 0 if self.counts_silence else 1

    @property
    def counts_silence(self) -> bool:
        """Whether an empty window has a meaning (nothing happened) instead of none."""
        return self.statistic in TOTALS and self.window.within is not None


def _incoherences(rule: Rule) -> list[str]:
    """Everything that does not fit together, each with its mend."""
    return [*_in_statistic(rule), *_in_clear(rule), *_in_latch(rule), *_in_actions(rule)]


def _in_statistic(rule: Rule) -> list[str]:
    certain = rule.fire.probability is not None
    asks_certainty = certain or (rule.clear is not None and rule.clear.probability is not None)
    lines = [rule.fire.line] + ([rule.clear.line] if rule.clear else [])
    found = []
    if asks_certainty and rule.statistic is not Statistic.MEAN:
        found.append("a probability is about a share of successes: use statistic mean, or take probability out")
    if asks_certainty and not all(0 < line < 1 for line in lines):
        found.append("with a probability below and above are shares between 0 and 1 (80 % is 0.80)")
    if rule.fire.failures and not certain:
        found.append("failures needs fire.probability, and a metric that is 1 or 0")
    if rule.statistic in (Statistic.RATE, Statistic.COUNT) and rule.window.within is None:
        found.append(f"a {rule.statistic} needs a window of time: write window: {{within: 10m}}")
    if rule.statistic is Statistic.COUNT and not all(line < LIMIT for line in lines):
        found.append(f"a window holds at most {LIMIT:,} values, so a count is compared with fewer")
    if rule.window.last is not None and rule.samples > rule.window.last:
        found.append(f"the window holds {rule.window.last} values but {rule.samples} samples are asked for")
    return found


def _in_clear(rule: Rule) -> list[str]:
    fire, clear = rule.fire, rule.clear
    if clear is None:
        return []
    found = []
    if clear.probability is not None and fire.probability is None:
        found.append("clear has a probability but fire has none: give both or neither")
    at = typed_number(clear.line)
    if clear.side == fire.side and clear.probability is None:
        other = "above" if clear.side == "below" else "below"
        found.append(f"clear on the side that fires needs a probability; else write {other}: {at}")
    if (clear.line - fire.line) * (1 if fire.side == "below" else -1) < 0:
        found.append(f"it would clear at {at} while it still fires {fire.side} {typed_number(fire.line)}")
    if clear.side == fire.side and clear.probability and clear.probability > (fire.probability or 1):
        found.append("clear.probability must not be over fire.probability")
    if rule.window.last is not None and clear.new_samples > rule.window.last:
        found.append(f"the window holds {rule.window.last} values but clear asks for {clear.new_samples} new ones")
    return found


def _in_latch(rule: Rule) -> list[str]:
    if not rule.latched:
        return []
    found = []
    if rule.clear is not None:
        found.append("a latched rule is cleared only by a person: take clear out, or latched")
    if rule.cooldown is not None or rule.max_per_day is not None:
        found.append("a latched rule must act each time it fires: take cooldown and max_per_day out")
    return found


def _in_actions(rule: Rule) -> list[str]:
    if rule.each:
        return []
    return [
        f"{str(action)!r} needs a subject: name the process, or give the rule an each"
        for action in rule.then
        if action.needs_subject
    ]
