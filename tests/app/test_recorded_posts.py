"""The posts that a home's journal has recorded, read again as they came."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.recorded_posts import recorded_posts
from services.core.errors import UserError
from services.core.journal import Journal
from services.core.store import open_store
from services.engagement.events import FeedListened, ResponseSeen
from services.trading.candles.moments import microseconds_of
from services.trading.social.events import FeedAlive, PostHeard
from services.trading.social.post import Beat, Post
from tests.support.manual_clock import ManualClock

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CAMPAIGN = {"campaign": "c", "network": "sandbox", "simulated": True, "day": "1"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "dreamscape.db"


def keep(store: Path, clock: ManualClock, *events: object) -> None:
    opened = open_store(store, store.parent / "backups", clock.now)
    journal = Journal(opened, clock)
    journal.start()
    for event in events:
        clock.result(journal.append(event, source="feed"))  # type: ignore[arg-type]
    journal.close()
    opened.close()


def response(number: int, text: str = "BTC up") -> ResponseSeen:
    return ResponseSeen(**CAMPAIGN, response=str(number), parent="p", author="ann", text=text, compound=0.1)


def test_a_home_that_recorded_nothing_has_none(store: Path):
    assert recorded_posts(store) is None
    keep(store, ManualClock(), FeedAlive("net"))
    assert recorded_posts(store) is None


def test_what_was_kept_is_known_from_when_the_journal_took_it(store: Path):
    clock = ManualClock()
    heard = PostHeard("net", "bob", "7", "ETH up", created_at=LONG_AGO, received_at=LONG_AGO)
    keep(store, clock, heard, FeedAlive("net"), response(1), FeedListened(**CAMPAIGN))
    posts = recorded_posts(store)
    assert posts is not None
    now = microseconds_of(clock.now())
    assert posts.rows == (
        Post(now, microseconds_of(LONG_AGO), "net", "bob", "7", "ETH up"),
        Beat(now, "net"),
        Post(now, now, "sandbox", "ann", "1", "BTC up"),
        Beat(now, "sandbox"),
    )
    assert posts.label == "recorded: this home's journal, some of it simulated"


def test_what_the_sandbox_said_is_called_simulated(store: Path):
    keep(store, ManualClock(), response(1))
    posts = recorded_posts(store)
    assert posts is not None
    assert posts.label == "recorded: this home's journal, simulated"
    keep(store, ManualClock(), response(2))
    more = recorded_posts(store)
    assert more is not None
    assert more.digest != posts.digest


def test_a_journal_that_is_none_is_told(store: Path):
    store.write_bytes(b"no database" * 100)
    with pytest.raises(UserError, match="its journal cannot be read"):
        recorded_posts(store)
