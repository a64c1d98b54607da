"""What a rule remembers of one subject: timers, window, cool-down and latch. All of it survives a restart."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from services.core.rules.fall import Fall
from services.core.rules.model import Rule
from services.core.rules.states import AlertState
from services.core.series import Series

_MOMENTS = ("since", "now", "watched", "seen")
_PLAIN = ("new", "owed", "latched", "fault")


@dataclass
class Memory:
    """Mutable state of one alert."""

    series: Series
    state: AlertState = AlertState.NORMAL
    beneath: AlertState = AlertState.NORMAL
    """What NO_DATA or ERROR returns to."""
    since: datetime | None = None
    """When it came into its state."""
    now: datetime | None = None
    """The last moment gone through; it never runs back."""
    watched: datetime | None = None
    """When the first observation came."""
    seen: datetime | None = None
    """When the newest one came."""
    acted: list[datetime] = field(default_factory=list)
    new: int = 0
    """Observations since it fired."""
    owed: bool = False
    """It fires, but its actions have had to wait."""
    latched: bool = False
    fault: str = ""
    """Why the newest observation could not be judged."""
    fall: Fall = field(default_factory=Fall)
    """Where a fall is measured from, for a metric that is one."""

    @classmethod
    def of(cls, rule: Rule) -> "Memory":
        return cls(Series(rule.window.last, rule.window.within))

    def save(self) -> dict[str, Any]:
        """As JSON can keep it."""
        moments = {name: getattr(self, name) for name in _MOMENTS}
        return {
            "state": str(self.state),
            "beneath": str(self.beneath),
            "window": self.series.save(),
            "acted": [moment.isoformat() for moment in self.acted],
            "fall": asdict(self.fall),
            **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
            **{name: getattr(self, name) for name in _PLAIN},
        }

    @classmethod
    def load(cls, rule: Rule, saved: dict[str, Any]) -> "Memory":
        """Rebuild what ``save`` gave, in the window of ``rule``."""
        memory = cls.of(rule)
        memory.series.restore(saved["window"])
        memory.state, memory.beneath = AlertState(saved["state"]), AlertState(saved["beneath"])
        memory.acted = [datetime.fromisoformat(moment) for moment in saved["acted"]]
        memory.fall = Fall(**saved.get("fall", {}))
        for name in _MOMENTS:
            setattr(memory, name, datetime.fromisoformat(saved[name]) if saved[name] else None)
        for name in _PLAIN:
            setattr(memory, name, saved[name])
        return memory
