"""A stream of posts from a file: read whole, or each bad row told by line and column."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.core.errors import UserError, UserErrors
from services.trading.social.post import Beat, Post
from services.trading.social.reading import TOLD, read_posts

MOMENT = "2026-01-01T09:00:00Z"
GOOD = {"received_at": MOMENT, "created_at": MOMENT, "source": "net", "author": "ann", "id": "1", "text": "hi BTC"}


def saved(tmp_path: Path, *lines: Any) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_rows_come_in_the_order_in_which_they_were_known(tmp_path: Path):
    late = GOOD | {"received_at": "2026-01-01T09:05:00+00:00", "id": "2", "created_at": "2026-01-01T08:00:00Z"}
    scored = GOOD | {"id": 3, "scored_at": "2026-01-01T10:01:00+01:00"}
    posts = read_posts(saved(tmp_path, late, scored, "", GOOD))
    assert [row.id for row in posts.rows if isinstance(row, Post)] == ["1", "3", "2"]
    assert posts.label == "recorded: posts.jsonl"
    minute = 60_000_000
    assert [row.known_at - posts.rows[0].known_at for row in posts.rows] == [0, minute, 5 * minute]


def test_another_post_makes_another_digest(tmp_path: Path):
    one = read_posts(saved(tmp_path, GOOD)).digest
    assert one == read_posts(saved(tmp_path, GOOD)).digest
    assert one != read_posts(saved(tmp_path, GOOD | {"text": "ho BTC"})).digest


def test_a_beat_and_an_end_are_rows_without_a_text(tmp_path: Path):
    gone = {key: value for key, value in GOOD.items() if key != "text"} | {"deleted": True}
    alive = {"received_at": MOMENT, "source": "net", "beat": True}
    deleted, beat = read_posts(saved(tmp_path, gone, alive)).rows
    assert isinstance(deleted, Post)
    assert deleted.deleted
    assert isinstance(beat, Beat)


def test_the_same_post_again_is_only_a_sign_of_life(tmp_path: Path):
    again = GOOD | {"received_at": "2026-01-01T11:00:00Z"}
    edited = GOOD | {"received_at": "2026-01-01T12:00:00Z", "text": "ho BTC"}
    rows = read_posts(saved(tmp_path, GOOD, again, edited)).rows
    assert [type(row) for row in rows] == [Post, Beat, Post]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"received_at": 5', "2:18: this is no JSON: Expecting ',' delimiter"),
        pytest.param(f'{{"a": {"5" * 5000}}}', "2:1: this is no JSON of ours: Exceeds the limit", id="too many digits"),
        ("[1]", "2:1: this is no object with received_at, source, author, id and text"),
        (GOOD | {"received_at": "yesterday"}, "2:17: received_at is no time such as 2026-01-31T09:00:00Z"),
        (GOOD | {"received_at": "2026-01-01T09:00:00"}, "2:17: received_at has no time zone"),
        (GOOD | {"created_at": 7}, "2:55: created_at is no time"),
        (GOOD | {"author": ""}, "2:106: author is no text of 1 to 300 characters"),
        (GOOD | {"text": None}, "2:132: text is no text"),
        (GOOD | {"text": "x" * 10_001}, "2:132: text has 10,001 characters; a post has 10,000 at most"),
        (GOOD | {"likes": 4}, "2:151: likes is no field of a post"),
        (GOOD | {"deleted": "no"}, "2:153: deleted is neither true nor false"),
        ({"received_at": MOMENT, "source": "net"}, "2:1: author is missing"),
    ],
)
def test_a_bad_row_is_told_by_line_and_column(tmp_path: Path, line: Any, told: str):
    with pytest.raises(UserErrors) as caught:
        read_posts(saved(tmp_path, GOOD, line))
    assert f"posts.jsonl:{told}" in str(caught.value)


def test_every_bad_row_is_told_and_of_very_many_the_rest_is_counted(tmp_path: Path):
    with pytest.raises(UserErrors) as caught:
        read_posts(saved(tmp_path, "x", GOOD, "y"))
    assert [error.where.rpartition("posts.jsonl:")[2] for error in caught.value.errors] == ["1:1", "3:1"]
    with pytest.raises(UserErrors) as caught:
        read_posts(saved(tmp_path, *["x"] * (TOLD + 7)))
    assert len(caught.value.errors) == TOLD + 1
    assert caught.value.errors[-1].what == "7 more lines are amiss"


def test_bytes_that_are_no_text_are_told_by_their_column(tmp_path: Path):
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b'{"text": "\xff"}')
    with pytest.raises(UserError, match=r"posts\.jsonl:1:11: this is not UTF-8"):
        read_posts(path)


def test_no_file_and_an_empty_one_are_told(tmp_path: Path):
    with pytest.raises(UserError, match="there is no such file"):
        read_posts(tmp_path / "none.jsonl")
    with pytest.raises(UserError, match="it holds no post"):
        read_posts(saved(tmp_path, ""))
