"""Trading days: each begins at midnight of a zone, also on the days on which its clocks are changed."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.core.errors import UserError


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ``UserError``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        mend = "give an IANA name such as UTC or Europe/Berlin"
        raise UserError(f"{name!r} is no time zone", "trading.day_starts", mend) from error


def day_of(at: datetime, starts: str) -> str:
    """The trading day of a moment, as YYYY-MM-DD. A day that went by never comes back: see ``is_later``."""
    return at.astimezone(zone(starts)).date().isoformat()


def is_later(day: str, than: str) -> bool:
    """Whether a day is after another: a clock that was set back begins no new day, and so arms nothing again."""
    return day > than
