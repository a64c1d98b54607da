"""A feed is recorded as it comes: each line once, with when it was read here, and a bad one stops nothing."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.trading.social.events import FeedAlive, PostHeard
from services.trading.social.recorder import LONGEST_LINE, PostRecorder
from tests.support.host import MemoryHost, told
from tests.support.manual_clock import ManualClock

MOMENT = "2026-01-01T09:00:00Z"


def line(number: int, **more: object) -> str:
    said = {"created_at": MOMENT, "source": "net", "author": "ann", "id": str(number), "text": f"BTC {number}"}
    return json.dumps(said | more) + "\n"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return tmp_path / "feed.jsonl"


@pytest.fixture
def host() -> MemoryHost:
    """Ends a run soon after there is nothing more to read."""
    return MemoryHost(end_after=8)


def run(host: MemoryHost, feed: Path) -> list[str]:
    """The ids of what was kept so far."""
    host.run(PostRecorder(feed=str(feed), every=0.001))
    return [post.post for post in told(host, PostHeard)]


def append(feed: Path, *lines: str) -> None:
    with feed.open("a", encoding="utf-8") as file:
        file.writelines(lines)


def test_each_line_is_kept_once_over_restarts(host: MemoryHost, feed: Path):
    append(feed, line(1), line(2))
    assert run(host, feed) == ["1", "2"]
    append(feed, line(3))
    assert run(host, feed) == ["1", "2", "3"]
    assert run(host, feed) == ["1", "2", "3"]


def test_it_is_known_from_when_it_was_read_here_whatever_the_line_says(feed: Path):
    clock = ManualClock()
    host = MemoryHost(end_after=3, clock=clock)
    append(feed, line(1, received_at="2020-01-01T00:00:00Z"))
    host.run(PostRecorder(feed=str(feed), every=0))
    (post,) = told(host, PostHeard)
    assert post.received_at == clock.now()
    assert post.created_at == datetime(2026, 1, 1, 9, tzinfo=UTC)


def test_a_line_that_is_still_being_written_waits_for_its_end(host: MemoryHost, feed: Path):
    whole = line(1)
    append(feed, whole[:20])
    assert run(host, feed) == []
    append(feed, whole[20:])
    assert run(host, feed) == ["1"]


def test_a_bad_line_is_told_with_its_place_and_the_rest_goes_on(
    host: MemoryHost, feed: Path, caplog: pytest.LogCaptureFixture
):
    append(feed, "{\n", line(2, likes=4), "\n", "x" * (LONGEST_LINE - 1) + "\n", line(5))
    with caplog.at_level(logging.WARNING):
        assert run(host, feed) == ["5"]
    assert "feed.jsonl:1:2: this is no JSON" in caplog.text
    assert "feed.jsonl:2:" in caplog.text
    assert "likes is no field of a post" in caplog.text
    assert "feed.jsonl:4: the line is longer than 100,000 bytes" in caplog.text


def test_signs_of_life_and_ends_are_kept(host: MemoryHost, feed: Path):
    append(feed, '{"source": "net", "beat": true}\n', line(1, deleted=True))
    run(host, feed)
    assert [alive.source for alive in told(host, FeedAlive)] == ["net"]
    assert [post.deleted for post in told(host, PostHeard)] == [True]


def test_a_file_that_was_begun_anew_is_read_from_its_beginning(host: MemoryHost, feed: Path):
    append(feed, line(1), line(2))
    run(host, feed)
    feed.write_text(line(3), encoding="utf-8")
    assert run(host, feed) == ["1", "2", "3"]


def test_a_feed_that_is_not_there_is_waited_for(host: MemoryHost, feed: Path):
    assert run(host, feed) == []
    assert host.waits[-1] == "feed.jsonl to be there"
