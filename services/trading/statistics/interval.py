"""A mean, and how sure it is: what a bootstrap tells. Apart from it, since it needs no numpy to be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and where it may really lie: between ``low`` and ``high``, ``confidence`` of the times."""

    mean: float
    low: float
    high: float
    confidence: float
    block: float
    """The mean length of the blocks, in returns."""
    resamples: int

    @property
    def noise(self) -> bool:
        """Whether 0 lies within it: the difference may be none."""
        return self.low <= 0 <= self.high
