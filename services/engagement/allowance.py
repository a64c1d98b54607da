"""What a campaign may still do today: caps per day and action, and quiet hours. No rule here can be waived."""

from datetime import datetime, timedelta

from services.engagement.bookmark import Bookmark
from services.engagement.campaign import Campaign
from services.engagement.network import Action


class Allowance:
    """Counts acts against the caps; the counts live in the bookmark, so a restart does not forget them."""

    def __init__(self, campaign: Campaign, bookmark: Bookmark) -> None:
        self._campaign = campaign
        self._bookmark = bookmark
        self._caps = {action: int(getattr(campaign.caps, action)) for action in Action}

    def day(self, now: datetime) -> str:
        """The campaign's own day at ``now``; a clock that steps back does not bring yesterday's allowance again."""
        return max(self._local(now).date().isoformat(), self._bookmark.day)

    def left(self, action: Action, now: datetime) -> int:
        """How many more are allowed on this day; 0 for actions that the campaign does not take."""
        if action not in self._campaign.actions or self._stepped_back(now):
            return 0
        used = self._bookmark.used.get(action, 0) if self.day(now) == self._bookmark.day else 0
        return max(0, self._caps[action] - used)

    def count(self, action: Action, now: datetime) -> None:
        """Count one act that was done. It was asked of ``holds`` before; what happened is counted in any case."""
        self._turn(now)
        self._bookmark.used[action] = self._bookmark.used.get(action, 0) + 1

    def holds(self, action: Action, now: datetime) -> tuple[str, datetime] | None:
        """The campaign's own rule against acting now, and until when; None when it may act."""
        if self._stepped_back(now):
            return "clock stepped back", self._opening_of(self._bookmark.day)
        if self.left(action, now) < 1:
            tomorrow = datetime.fromisoformat(self.day(now)) + timedelta(1)
            return f"cap of {self._caps[action]} a day", self._opening_of(tomorrow.date().isoformat())
        if not self.awake(now):
            return "quiet hours", self._campaign.hours.opening(self._local(now))
        return None

    def awake(self, now: datetime) -> bool:
        return self._local(now) in self._campaign.hours

    def tell(self, action: Action, rule: str, now: datetime) -> bool:
        """Whether this rule has not been told of today; from now on it has."""
        self._turn(now)
        entry = f"{action}: {rule}"
        if entry in self._bookmark.told:
            return False
        self._bookmark.told.append(entry)
        return True

    def _turn(self, now: datetime) -> None:
        """Begin the counts of a new day."""
        day = self.day(now)
        if day != self._bookmark.day:
            self._bookmark.day, self._bookmark.used, self._bookmark.told = day, {}, []

    def _stepped_back(self, now: datetime) -> bool:
        """A day that was counted is never counted again: what is left of it is nothing."""
        return self._local(now).date().isoformat() < self._bookmark.day

    def _opening_of(self, day: str) -> datetime:
        begins = datetime.fromisoformat(day).replace(tzinfo=self._campaign.timezone)
        return self._campaign.hours.opening(begins)

    def _local(self, now: datetime) -> datetime:
        return now.astimezone(self._campaign.timezone)
