"""What holds actions back: silence, cool-down, and how often they may be taken in a day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from services.core.rules.model import Rule

DAY = timedelta(days=1)
ALWAYS = datetime.min.replace(tzinfo=UTC)


def withheld_until(rule: Rule, acted: Sequence[datetime]) -> tuple[datetime, str]:
    """When the actions may be taken, and what holds them back until then.

    ``acted`` are the earlier takings, oldest first.
    """
    holds = [(ALWAYS, "")]
    if rule.silence_until is not None:
        holds.append((rule.silence_until.astimezone(UTC), "silenced"))
    if rule.cooldown is not None and acted:
        holds.append((acted[-1] + rule.cooldown, "cooling down"))
    if rule.max_per_day is not None and len(acted) >= rule.max_per_day:
        holds.append((acted[-rule.max_per_day] + DAY, f"at most {rule.max_per_day} in 24 hours"))
    until, why = max(holds)
    return until, f"{why} until {until:%Y-%m-%d %H:%M:%S} UTC" if why else ""


def remembered(acted: Sequence[datetime], now: datetime) -> list[datetime]:
    """The takings that still count, with one at ``now``."""
    return [*(moment for moment in acted if now - moment < DAY), now]
