"""What scripts print: whole while there is room, and of a flood its beginning, its end and how much is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.core.logs import LogLine, Recorder
from services.core.logs.printed import AT_ONCE, LAST_LINES
from tests.support.hands import Hands, line


class Shop:
    """A recorder that hears one script print."""

    def __init__(self) -> None:
        self.clock = Hands()
        self.written: list[LogLine] = []
        self.recorder = Recorder(self.clock, self.written.append, lambda dump: None)

    def print(self, text: str, level: str = "INFO", process: str = "bot") -> None:
        self.recorder.take(replace(line(text, level, process, template="%s"), printed=True))

    def take_written(self) -> list[str]:
        texts = [said.text for said in self.written]
        self.written.clear()
        return texts


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_lines_that_differ_in_numbers_alone_are_all_written(shop: Shop) -> None:
    said = [f"entry {number}: order {number + 42} filled" for number in range(60)]
    for text in said:
        shop.print(text)
    shop.recorder.tell_suppressed(closing=True)
    assert shop.take_written() == said


def test_equal_lines_in_a_row_are_counted_before_the_next_one(shop: Shop) -> None:
    for text in [*["again"] * 25, "other", "again"]:
        shop.print(text)
    assert shop.take_written() == [*["again"] * 20, "5 similar suppressed: again", "other", "again"]


def test_what_goes_on_being_equal_is_told_now_and_then(shop: Shop) -> None:
    for _ in range(25):
        shop.print("again")
    shop.clock.move(11)
    shop.recorder.tell_suppressed()
    assert shop.take_written()[-1] == "5 similar suppressed: again"


def flood(shop: Shop, lines: int, text: str = "tick") -> None:
    for number in range(lines):
        shop.print(f"{text} {number}")


def test_of_a_flood_the_beginning_and_the_end_are_written_and_the_rest_is_told(shop: Shop) -> None:
    flood(shop, 100_000)
    shop.print("ValueError: no price", "WARNING")
    began = shop.take_written()
    shop.clock.move(3)
    shop.recorder.tell_suppressed()
    told, *last = shop.take_written()
    begins = began.pop()
    assert begins == "more is printed than the log keeps: lines are left out from here to the last 20"
    assert 4_000 < len(began) < 8_000
    left_out = 100_001 - len(began) - LAST_LINES
    assert told.startswith(f"{left_out:,} printed lines (")
    assert told.endswith("kB) were left out")
    assert last == [*(f"tick {number}" for number in range(99_981, 100_000)), "ValueError: no price"]


def test_a_flood_that_goes_on_is_written_again_each_minute_as_far_as_it_may(shop: Shop) -> None:
    flood(shop, 20_000)
    first = len(shop.take_written())
    for second in range(59):
        shop.clock.move(1)
        flood(shop, 10, f"second {second},")
    assert shop.take_written() == []
    shop.clock.move(1)
    flood(shop, 20_000)
    again = shop.take_written()
    assert again[0].endswith("were left out")
    assert LAST_LINES < len(again) < first / 3


def test_one_that_floods_costs_another_nothing(shop: Shop) -> None:
    flood(shop, 20_000)
    shop.take_written()
    shop.print("calm", process="other")
    assert shop.take_written() == ["calm"]


def test_the_end_of_a_flood_is_on_disk_when_the_log_closes(shop: Shop) -> None:
    flood(shop, 20_000)
    shop.recorder.tell_suppressed(closing=True)
    assert shop.take_written()[-1] == "tick 19999"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([0, 1, 5, 70])), max_size=200))
def test_every_line_is_written_counted_or_told_to_be_left_out(said: list[tuple[str, int]]) -> None:
    shop = Shop()
    for text, later in said:
        shop.clock.move(later)
        shop.print(text * (AT_ONCE // 40))
    shop.recorder.tell_suppressed(closing=True)
    written = shop.take_written()
    missing = sum(int(text.split()[0]) for text in written if "similar" in text[:30] or "left out" in text[-10:])
    whole = [text for text in written if set(text) < set("abc")]
    assert len(whole) + missing == len(said)
