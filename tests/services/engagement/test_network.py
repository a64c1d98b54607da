from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.engagement.network import HANDLE_LIMIT, TEXT_LIMIT, Response, bounded


@given(st.text(max_size=3000))
def test_text_from_outside_is_bounded_and_bears_no_control_characters(text: str) -> None:
    plain = bounded(text, TEXT_LIMIT)
    assert len(plain) <= TEXT_LIMIT
    assert all(mark.isprintable() or mark == " " or mark.isspace() for mark in plain)
    assert "\n" not in plain
    assert "\x1b" not in plain
    assert "\u202e" not in plain


def test_a_response_is_bounded_however_it_was_made() -> None:
    response = Response("1", datetime(2026, 3, 4, tzinfo=UTC), "a" * 500, "b\x00\r\n" * 1000)
    assert len(response.author) == HANDLE_LIMIT
    assert len(response.text) <= TEXT_LIMIT
    assert response.text.startswith("b b b")
    assert response.text.endswith("…")


def test_short_text_stays_as_it_is() -> None:
    assert bounded("naïve café — 多謝 🙂", TEXT_LIMIT) == "naïve café — 多謝 🙂"
