"""What a market hears by each bar's close: what was known, each author and copy once, silence told from an outage."""

from math import isnan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.candles.moments import microseconds_of
from services.trading.language.social import Listening
from services.trading.social.hearing import Hearing, about, copy_of, series
from services.trading.social.post import Post, Row, in_order
from services.trading.social.voices import DEAF, SILENT, Heard
from tests.support.candles import BAR
from tests.support.posts import at, beat, post

UP, DOWN = "btc up", "btc down"


def by_word(text: str) -> int:
    """A score that can be added up by hand."""
    return 5_000 if "up" in text else -5_000 if "down" in text else 0


def hearing(*rows: Row, windows: tuple[int, ...] = (1, 3), **listening: object) -> Hearing:
    return Hearing(Listening(**listening), "BTC", BAR, windows, rows, by_word)  # type: ignore[arg-type]


def heard(ear: Hearing, bar: int, window: int = 3) -> Heard:
    """At the close of the bar of that number; bars are five minutes."""
    return ear.at_bar(microseconds_of(at(5 * bar)))[window]


def test_a_post_counts_from_the_bar_that_closes_when_it_was_known():
    ear = hearing(post(5.0, UP), post(10.01, DOWN, author="bob"))
    assert heard(ear, 0) == (0.5, 1)
    assert heard(ear, 1) == (0.5, 1)
    assert heard(ear, 2) == (0.0, 2)


def test_when_it_was_created_decides_nothing():
    early = post(2, UP)
    late = Post(microseconds_of(at(62)), early.created_at, "net", "bob", "2", UP)
    future = Post(microseconds_of(at(62)), microseconds_of(at(9_000)), "net", "cat", "3", UP + " again")
    ear = hearing(early, late, future)
    assert heard(ear, 0) == (0.5, 1)
    assert heard(ear, 11) == SILENT
    assert heard(ear, 12) == (0.5, 2)


def test_a_window_forgets_what_is_older():
    ear = hearing(post(1, UP), beat(30))
    assert [heard(ear, bar).voices for bar in range(5)] == [1, 1, 1, 0, 0]


def test_an_author_counts_once_by_the_latest_post():
    ear = hearing(post(1, UP), post(2, UP + " more"), post(3, DOWN), post(4, UP, author="bob"))
    assert heard(ear, 0) == (0.0, 2)


def test_an_author_of_another_source_is_somebody_else():
    ear = hearing(post(1, UP), post(2, DOWN, source="other"))
    assert heard(ear, 0).voices == 2


def test_copies_are_one_voice():
    texts = ["btc up now!", "BTC  up now", "btc up now https://a.b/c", "@all btc up now #moon"]
    ear = hearing(*(post(number, text, author=f"bot {number}") for number, text in enumerate(texts)), post(4.5, DOWN))
    assert heard(ear, 0) == (0.0, 2)


def test_an_edit_counts_from_when_it_was_learnt_and_the_earlier_text_no_more():
    ear = hearing(post(1, UP, id_="1"), post(6, DOWN, id_="1"), post(11, "of something else", id_="1"))
    assert [heard(ear, bar) for bar in range(3)] == [(0.5, 1), (-0.5, 1), SILENT]


def test_a_deleted_post_is_no_more_from_when_that_was_learnt():
    ear = hearing(post(1, UP, id_="1"), post(6, "", id_="1", deleted=True))
    assert [heard(ear, bar) for bar in range(2)] == [(0.5, 1), SILENT]


def test_before_its_first_sign_a_feed_is_none_and_silence_is_a_reading():
    ear = hearing(beat(6), dead_after="10m")
    assert all(map(isnan, heard(ear, 0)))
    assert [heard(ear, bar) for bar in (1, 2)] == [SILENT, SILENT]
    assert all(map(isnan, heard(ear, 3)))


def test_a_post_about_something_else_is_a_sign_of_life():
    assert heard(hearing(post(1, "eth up")), 0) == SILENT


def test_only_the_named_sources_are_listened_to():
    ear = hearing(post(1, UP), post(2, DOWN, source="other"), sources=("other",))
    assert heard(ear, 0) == (-0.5, 1)
    assert heard(hearing(beat(1), sources=("other",)), 0) is DEAF


def test_live_rows_are_heard_as_recorded_ones():
    rows = [post(1, UP), post(6, DOWN, author="bob"), post(7, UP, author="cat")]
    recorded, live = hearing(*rows), hearing()
    for row in rows:
        live.hear(row)
    assert [heard(live, bar) for bar in range(4)] == [heard(recorded, bar) for bar in range(4)]


@pytest.mark.parametrize("text", ["$btc!", "BTC", "all in #Btc", "btc/usd", "bitcoin cash"])
def test_a_word_is_found_by_itself(text: str):
    assert about(["BTC", "bitcoin"])(text)


@pytest.mark.parametrize("text", ["btcx", "abtc", "bit coin", ""])
def test_a_part_of_a_word_is_not(text: str):
    assert not about(["BTC", "bitcoin"])(text)


def test_a_text_without_words_is_a_copy_of_itself_alone():
    assert copy_of("🚀🚀") != copy_of("🔥")


def row(draw: st.DrawFn) -> Row:
    minutes = draw(st.floats(0, 60))
    if draw(st.integers(0, 9)) == 0:
        return beat(minutes)
    text = draw(st.sampled_from([UP, DOWN, "btc", "BTC up!", "btc down too", "eth"]))
    author, number = draw(st.sampled_from("abc")), draw(st.integers(0, 6))
    return post(minutes, text, author=author, id_=f"{author} {number}", deleted=draw(st.integers(0, 9)) == 0)


streams = st.lists(st.composite(lambda draw: row(draw))(), max_size=25).map(in_order)
OPENS = [microseconds_of(at(5 * bar)) for bar in range(14)]


def readings(rows: tuple[Row, ...], opens: list[int], window: int) -> list[str]:
    return list(map(repr, zip(*series(hearing(*rows, dead_after="20m"), opens)[window], strict=True)))


@given(rows=streams, cut=st.integers(1, 14), window=st.sampled_from([1, 3]))
def test_cutting_the_future_off_changes_no_reading(rows: tuple[Row, ...], cut: int, window: int):
    known = tuple(row for row in rows if row.known_at <= OPENS[cut - 1] + microseconds_of(at(5)) - OPENS[0])
    assert readings(known, OPENS[:cut], window) == readings(rows, OPENS, window)[:cut]


@given(rows=streams, start=st.integers(0, 13), window=st.sampled_from([1, 3]))
def test_a_later_start_hears_the_same(rows: tuple[Row, ...], start: int, window: int):
    assert readings(rows, OPENS[start:], window) == readings(rows, OPENS, window)[start:]


@given(rows=streams, window=st.sampled_from([1, 3]))
def test_each_reading_is_that_of_the_window_counted_by_hand(rows: tuple[Row, ...], window: int):
    told = series(hearing(*rows, dead_after="20m"), OPENS)[window]
    for opened, mean, voices in zip(OPENS, *told, strict=True):
        expected = by_hand(rows, opened + microseconds_of(at(5)) - OPENS[0], window)
        assert repr((mean, voices)) == repr(expected)


def by_hand(rows: tuple[Row, ...], close: int, window: int) -> tuple[float, float]:
    minute = microseconds_of(at(1)) - microseconds_of(at(0))
    known = [row for row in rows if row.known_at <= close]
    if not known or close - known[-1].known_at > 20 * minute:
        return tuple(DEAF)  # type: ignore[return-value]
    posts = [row for row in known if isinstance(row, Post)]
    final = [each for place, each in enumerate(posts) if each.id not in {later.id for later in posts[place + 1 :]}]
    inside = [each for each in final if each.known_at > close - 5 * window * minute]
    said = [each for each in inside if not each.deleted and "btc" in each.text.lower()]
    authors = {each.author: each for each in said}
    voices = {copy_of(each.text): by_word(each.text) for each in said if authors[each.author] is each}
    return (sum(voices.values()) / 10_000 / len(voices), float(len(voices))) if voices else (0.0, 0.0)


def test_the_order_of_the_stream_is_that_of_knowing():
    rows = [post(chance, UP, author=str(chance)) for chance in Random(1).sample(range(60), 60)]
    moments = [row.known_at for row in in_order(rows)]
    assert moments == sorted(moments)
