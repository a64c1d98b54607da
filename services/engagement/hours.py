"""The hours of a day in which a campaign acts, written ``07:00-23:00``; outside of them it is quiet."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_WRITTEN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_DAY = 24 * 60


@dataclass(frozen=True)
class Hours:
    """From ``begins`` to ``ends``, in minutes of the day. Equal means all day; an end before the beginning crosses
    midnight."""

    begins: int = 8 * 60
    ends: int = 22 * 60

    def __contains__(self, moment: datetime) -> bool:
        """Whether the local ``moment`` is within."""
        since = (moment.hour * 60 + moment.minute - self.begins) % _DAY
        return self.begins == self.ends or since < (self.ends - self.begins) % _DAY

    def opening(self, moment: datetime) -> datetime:
        """``moment`` itself if it is within, else when the hours next begin (local, aware)."""
        if moment in self:
            return moment
        begins = time(self.begins // 60 % 24, self.begins % 60)
        today = datetime.combine(moment.date(), begins, moment.tzinfo)
        return today if today >= moment else datetime.combine(moment.date() + timedelta(1), begins, moment.tzinfo)


def parse_hours(text: str) -> Hours:
    """Read ``07:00-23:00``; raises ``ValueError`` that says what would have been right."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} are no hours; write them such as 07:00-23:00")
    hour, minute, last, past = (int(part) for part in found.groups())
    begins, ends = hour * 60 + minute, last * 60 + past
    if minute > 59 or past > 59 or begins >= _DAY or ends > _DAY:
        raise ValueError(f"{text!r} are no hours of a day; write them such as 07:00-23:00")
    return Hours(begins, ends % _DAY)
