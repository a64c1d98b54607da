"""How the account reaches its exchange: by how much its clock differs, what was asked of it, and what it withholds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.trading.venue.limiter import Standing


@dataclass(frozen=True, slots=True)
class Contact:
    """As the program that keeps the account has it now."""

    unasked: str = ""
    """Why the exchange cannot be asked now, and since when."""
    offset_seconds: float | None = None
    """By how much its clock is ahead of ours; None where that is not known now, and then nothing is bought."""
    weight_used: int = 0
    """Of the minute's requests."""
    weight_most: int = 0
    """What is used of them at most; 0 where nobody counts yet."""
    asks_again: datetime | None = None
    """Until when nothing is asked: the exchange wants a pause, or has banned this address."""
    pause: str = ""
    """Which of them it is."""
    unarmed: str = ""
    """Why nothing may be bought with real money; empty where it may, and for play money."""

    @staticmethod
    def of(unasked: str, offset: timedelta | None, standing: Standing | None, unarmed: str = "") -> Contact:
        offset_seconds = offset.total_seconds() if offset is not None else None
        if standing is None:
            return Contact(unasked, offset_seconds, unarmed=unarmed)
        return Contact(unasked, offset_seconds, standing.used, standing.most, standing.until, standing.why, unarmed)

    @property
    def told(self) -> str:
        """In a line: the clock, the weight, and a pause."""
        return " · ".join(filter(None, (self._clock, self._weight, self._pause)))

    @property
    def _clock(self) -> str:
        if self.offset_seconds is None:
            return "its clock is not known"
        off = round(self.offset_seconds * 1000)
        return f"its clock is {abs(off):,} ms {'behind' if off < 0 else 'ahead of'} ours"

    @property
    def _weight(self) -> str:
        if not self.weight_most:
            return ""
        return f"request weight {self.weight_used:,} of {self.weight_most:,} this minute"

    @property
    def _pause(self) -> str:
        return f"{self.pause} until {self.asks_again:%H:%M:%S} UTC" if self.asks_again else ""
