"""What is recorded of feeds, so that a stream can be read again as it came; the journal says when it was known."""

from datetime import datetime

from services.core.events import Event


class PostHeard(Event, name="trading.post"):
    """A post of a feed. ``post`` is its id there; text, author and times are from outside."""

    verbatim = frozenset({"source", "author", "post"})

    source: str
    author: str
    post: str
    text: str
    created_at: datetime
    received_at: datetime
    deleted: bool = False


class FeedAlive(Event, name="trading.feed.alive"):
    """A feed told that it is alive, though nobody said anything."""

    verbatim = frozenset({"source"})

    source: str
