"""Whether a recorded stream of posts is of the time of the candles that it is listened to with."""

from datetime import datetime

from services.trading.candles.moments import microseconds_of, moment
from services.trading.social.post import Posts


def other_time(posts: Posts, first: datetime, last: datetime) -> str:
    """What is to be told where none of the posts was known between the opens of the first and the last candle; else
    nothing.

    Some may be heard all the same: a window reaches back behind the first bar, and the last bar goes on after its open.
    """
    begin, end = microseconds_of(first), microseconds_of(last)
    if not posts.rows or any(begin <= row.known_at <= end for row in posts.rows):
        return ""
    known, candles = (moment(posts.rows[0].known_at), moment(posts.rows[-1].known_at)), (first, last)
    told = f"its posts are of {_days(*known)}, and its candles of {_days(*candles)}"
    return f"{told}: none of them came between the first open and the last"


def _days(one: datetime, other: datetime) -> str:
    days = [f"{each:%Y-%m-%d}" for each in (one, other)]
    return days[0] if days[0] == days[1] else " to ".join(days)
