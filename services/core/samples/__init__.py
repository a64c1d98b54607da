"""Sample: a number that streams; the newest wins on screen, and only roll-ups are kept."""

from services.core.samples.memory import MINUTE, Rollup, Samples, combine

__all__ = ["MINUTE", "Rollup", "Samples", "combine"]
