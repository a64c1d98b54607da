"""Sample: a number that streams; the newest wins on screen, and only roll-ups are kept."""

from services.core.samples.memory import Samples
from services.core.samples.rollup import DAY, MINUTE, Rollup, combine

__all__ = ["DAY", "MINUTE", "Rollup", "Samples", "combine"]
