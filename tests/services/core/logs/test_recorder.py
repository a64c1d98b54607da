import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.core.logs import Dump, LogLine, Recorder
from services.core.logs.limiter import Limiter
from services.core.logs.rings import MOST_RUNS, Rings
from tests.support.hands import Hands, line


class Desk:
    """A recorder with what it wrote and dumped."""

    def __init__(self, level: str = "INFO", ring: int = 200) -> None:
        self.clock = Hands()
        self.written: list[LogLine] = []
        self.dumps: list[Dump] = []
        self.recorder = Recorder(self.clock, self.written.append, self.dumps.append, level=level, ring=ring)

    def say(self, text: str, level: str = "DEBUG", process: str = "bot", run: str = "r1") -> None:
        self.recorder.take(line(text, level, process, run))

    def texts(self) -> list[str]:
        return [said.text for said in self.written]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_debug_stays_in_memory_while_all_goes_well(desk: Desk) -> None:
    desk.say("thinking")
    desk.say("traded", "INFO")
    assert desk.texts() == ["traded"]
    assert desk.dumps == []


def test_an_error_dumps_what_led_to_it(desk: Desk) -> None:
    desk.say("long ago")
    desk.say("elsewhere, long ago", run="r2")
    desk.clock.move(60)
    desk.say("elsewhere, just now", run="r2")
    desk.say("before it")
    desk.say("broken\nTraceback", "ERROR")
    (dump,) = desk.dumps
    assert (dump.process, dump.run, dump.why) == ("bot", "r1", "broken")
    assert [said.text for said in dump.lines] == ["long ago", "elsewhere, just now", "before it", "broken\nTraceback"]


def test_after_an_error_that_process_alone_is_at_debug_for_five_minutes(desk: Desk) -> None:
    desk.say("broken", "ERROR")
    desk.clock.move(299)
    desk.say("seen")
    desk.say("seen in the next run", run="r9")
    desk.say("another's", process="other", run="r2")
    assert desk.texts() == ["broken", "seen", "seen in the next run"]
    desk.clock.move(2)
    desk.say("unseen again")
    assert desk.texts()[-1] == "seen in the next run"
    assert not desk.recorder.escalated("r1")


def test_errors_in_a_row_dump_once_and_stay_at_debug_longer(desk: Desk) -> None:
    desk.say("first", "ERROR")
    desk.clock.move(200)
    desk.say("second", "ERROR")
    desk.clock.move(200)
    desk.say("still seen")
    assert len(desk.dumps) == 1
    assert desk.texts()[-1] == "still seen"
    desk.clock.move(200)
    desk.say("third", "ERROR")
    assert len(desk.dumps) == 2


def test_a_stall_dumps_though_nobody_logged_an_error(desk: Desk) -> None:
    desk.say("the last it said")
    desk.recorder.alarm("bot", "r1", "no beat for 30 s")
    assert [said.text for said in desk.dumps[0].lines] == ["the last it said"]
    assert desk.dumps[0].why == "no beat for 30 s"
    assert desk.recorder.escalated("r1")


def test_an_error_outside_any_run_turns_debug_on_for_its_logger(desk: Desk) -> None:
    desk.recorder.take(line("broken", "ERROR", "dreamscape", run=""))
    desk.recorder.take(line("more", "DEBUG", "dreamscape", run=""))
    desk.recorder.take(replace(line("a bot's", "DEBUG"), logger="services.other"))
    assert desk.texts() == ["broken", "more"]


def test_the_ring_of_a_run_that_ended_is_let_go(desk: Desk) -> None:
    desk.say("old")
    desk.clock.move(60)
    desk.recorder.forget("r1")
    desk.recorder.alarm("bot", "r1", "late")
    assert desk.dumps[0].lines == ()


@given(sizes=st.lists(st.integers(0, 30), min_size=1, max_size=5), size=st.integers(1, 10))
def test_a_ring_holds_the_newest_lines_of_its_run_in_order(sizes: list[int], size: int) -> None:
    rings = Rings(size)
    for run, count in enumerate(sizes):
        for number in range(count):
            rings.add(line(str(number), run=str(run)), 0.0)
    for run, count in enumerate(sizes):
        texts = [int(said.text) for said in rings.lines(str(run), 1000.0)]
        assert texts == list(range(count))[-size:]


def test_runs_without_end_do_not_fill_the_memory() -> None:
    rings = Rings()
    for run in range(MOST_RUNS + 5):
        rings.add(line("x", run=str(run)), 0.0)
    assert rings.lines("0", 1000.0) == ()
    assert len(rings.lines(str(MOST_RUNS), 1000.0)) == 1


def test_of_many_similar_lines_the_first_are_written_and_the_others_counted(desk: Desk) -> None:
    for number in range(50):
        desk.say(f"price {number}", "INFO")
    desk.say("something else", "INFO")
    assert desk.texts() == [f"price {number}" for number in range(20)] + ["something else"]
    desk.clock.move(11)
    desk.recorder.tell_suppressed()
    assert desk.texts()[-1] == "30 similar suppressed: price 49"


def test_the_count_comes_before_the_next_line_of_its_kind_and_at_the_end(desk: Desk) -> None:
    for _ in range(21):
        desk.say("again", "INFO")
    desk.clock.move(11)
    desk.say("again", "INFO")
    assert desk.texts()[-2:] == ["1 similar suppressed: again", "again"]
    for _ in range(25):
        desk.say("again", "INFO")
    desk.recorder.tell_suppressed(closing=True)
    assert desk.texts()[-1] == "6 similar suppressed: again"


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.floats(0, 5)), max_size=100), st.integers(1, 5))
def test_every_line_is_either_written_or_counted(said: list[tuple[str, float]], most: int) -> None:
    limiter, monotonic, admitted = Limiter(most, 10.0), 0.0, list[LogLine]()
    for text, later in said:
        monotonic += later
        admitted += limiter.admit(line(text), monotonic)
    admitted += limiter.summaries(monotonic, closing=True)
    counted = [int(each.text.split()[0]) for each in admitted if "similar suppressed" in each.text]
    written = [each for each in admitted if "similar suppressed" not in each.text]
    assert len(written) + sum(counted) == len(said)
