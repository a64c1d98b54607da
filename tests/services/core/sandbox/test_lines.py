"""Output becomes the same lines however it arrives in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.sandbox.lines import Splitter, Stream


def lines(*chunks: bytes, longest: int = 8192) -> list[str]:
    splitter = Splitter(Stream.OUT, longest)
    found = [line for chunk in chunks for line in splitter.feed(chunk)]
    return [line.text for line in [*found, *splitter.end()]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\r\ntwo", ["one", "two"]),
        (b"\r10%\r20%\r30%\n", ["", "10%", "20%", "30%"]),
        (b"10%\r", ["10%"]),
        (b"a\n\nb", ["a", "", "b"]),
    ],
)
def test_lines_end_as_each_system_and_each_progress_bar_ends_them(written: bytes, read: list[str]) -> None:
    assert lines(written) == read


def test_a_bar_is_told_as_it_moves_and_not_when_it_is_complete() -> None:
    splitter = Splitter(Stream.ERR, 8192)
    assert splitter.feed(b"\r10%") == [(Stream.ERR, "", False)]
    assert splitter.feed(b"\r20%") == [(Stream.ERR, "10%", False)]


@given(st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\r\n"])), st.data())
def test_where_the_pieces_are_cut_does_not_matter(parts: list[bytes], data: st.DataObject) -> None:
    written = b"".join(parts)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(written)))))
    chunks = [written[start:end] for start, end in zip([0, *cuts], [*cuts, len(written)], strict=True)]
    assert lines(*chunks) == lines(written)


def test_what_is_too_long_is_cut_and_the_next_line_is_whole() -> None:
    assert lines(b"x" * 10, b"y" * 10 + b"\nnext\n", longest=5) == ["xxxxx", "next"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\rnext", b""])
def test_what_is_cut_tells_how_long_it_was_however_it_came(end: bytes) -> None:
    splitter = Splitter(Stream.OUT, 5)
    found = [line for chunk in (b"xxx", b"yyyyyy", b"z" * 1000, end[:1], end[1:]) for line in splitter.feed(chunk)]
    first = [*found, *splitter.end()][0]
    assert (first.text, first.cut, first.whole) == ("xxxyy", True, 1009)
