"""Whether a feed still lives, by the exchange's own timestamps: a connection that is merely silent throws nothing."""

from datetime import datetime, timedelta


class Freshness:
    """``most`` is how old the newest word may be; a word from before the newest one makes nothing fresher."""

    def __init__(self, most: timedelta, since: datetime) -> None:
        self.most, self.newest = most, since

    def told(self, at: datetime) -> None:
        """The exchange's own time of a message."""
        self.newest = max(self.newest, at)

    def age(self, now: datetime) -> timedelta:
        """By the exchange's clock."""
        return now - self.newest

    def stale(self, now: datetime) -> bool:
        return self.age(now) > self.most

    def begin(self, now: datetime) -> None:
        """Somebody has just connected anew: there is ``most`` time for the first word."""
        self.newest = max(self.newest, now)
