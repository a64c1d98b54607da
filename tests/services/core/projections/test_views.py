"""A past view knows what the live one knew, and no more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.core.process import Process
from services.core.process.context import Context
from services.core.projections.views import Board, LiveView, PastView, past_view
from services.core.samples import Rollup, Samples
from services.core.samples.files import SampleFiles
from services.orchestrator.history.projections import Processes
from tests.support.hands import Hands
from tests.support.manual_clock import START, ManualClock
from tests.support.program import Program


class Ticks(Process):
    """Tells its number in the middle of each second, and its progress."""

    def run(self, context: Context) -> None:
        context.wait(0.5, "the first tick")
        for number in range(10_000):
            context.sample("ticks", number)
            context.progress(number, 10_000, f"tick {number // 60}")
            context.wait(1.0, "the next tick")


@pytest.fixture
def running(tmp_path: Path, clock: ManualClock):
    program = Program(tmp_path, clock).open([Processes()])
    program.start(Ticks(), "ticker")
    yield program
    program.close()


def past(program: Program, seconds: float) -> PastView:
    return past_view(program.engine.projections, program.engine.files, START + timedelta(seconds=seconds), [Processes])


def test_what_was_live_is_found_again_by_the_moment(running: Program):
    view = running.engine.view
    seen = {}
    for seconds in (5.5, 65.5, 130.5):
        running.advance(START + timedelta(seconds=seconds) - running.clock.now())
        seen[seconds] = _all_of(view)
    running.advance(200)
    for seconds, told in seen.items():
        assert _all_of(past(running, seconds)) == told
    assert len({str(told) for told in seen.values()}) == 3


def test_a_past_moment_knows_no_second_that_was_not_over(running: Program):
    running.advance(90.5)
    for moment in (30.0, 30.01, 30.99):
        known = past(running, moment).series("ticks", 600)
        assert known[-1].at == int(START.timestamp()) + 29
    assert [each.at for each in past(running, 75.0).series("ticks", 7200)] == [int(START.timestamp())]


def test_seconds_are_those_of_the_wall_clock_whenever_the_program_began(tmp_path: Path):
    clock = ManualClock(START + timedelta(milliseconds=370))
    program = Program(tmp_path, clock).open([Processes()])
    program.start(Ticks(), "ticker")
    program.advance(20.2)
    known = program.engine.view.series("ticks", 600)
    assert known[-1].at == int(clock.now().timestamp()) - 1
    assert known == past(program, 20.57).series("ticks", 600)
    program.close()


def test_a_curve_over_midnight_is_read_from_the_files_of_both_days(tmp_path: Path):
    files, midnight = SampleFiles(tmp_path), int(START.timestamp()) // 86_400 * 86_400 + 86_400
    for second in (-50, -20, 10):
        files.write([Rollup("ticks", midnight + second, 1, 1.0, 1.0, 1.0, float(second))], midnight + 20)
    view = PastView(datetime.fromtimestamp(midnight + 20, UTC), {}, files)
    assert view.first("ticks", 60) == midnight - 20
    edges = tuple(midnight + second for second in (-30, -20, -19, 0, 10, 11, 20))
    assert view.values_before("ticks", 60, edges) == [None, None, -20.0, -20.0, -20.0, 10.0, 10.0]
    assert view.values_before("unknown", 60, edges) == [None] * 7


def test_a_value_of_yesterday_still_counts_and_one_of_last_week_does_not(tmp_path: Path):
    hands, samples, files = Hands(), Samples(), SampleFiles(tmp_path)
    live = LiveView(Board(), samples, hands)
    second = int(hands.now().timestamp())
    samples.put("ticks", 9.0)
    files.write(samples.roll(second), second + 1)
    for hours, known in ((30, 9.0), (60, None)):
        hands.move(hours * 3600 - hands.passed)
        assert live.newest("ticks") == PastView(hands.now(), {}, files).newest("ticks") == known


def _all_of(view) -> tuple:
    return (
        view.value(Processes),
        view.newest("ticks"),
        view.newest("progress:ticker"),
        tuple(view.series("ticks", 60)),
        tuple(view.series("ticks", 3600)),
        tuple(view.series("ticks", 7200)),
        *_at_a_glance(view, 60),
        *_at_a_glance(view, 3600),
        *_at_a_glance(view, 7200),
    )


def _at_a_glance(view, span: int) -> tuple:
    """What is asked without reading a whole series is what the series has."""
    series, now = view.series("ticks", span), int(view.at.timestamp())
    edges = (*range(now - span, now, 13), now)
    first, before = view.first("ticks", span), tuple(view.values_before("ticks", span, edges))
    assert first == (series[0].at if series else None)
    assert before == tuple(next((each.last for each in reversed(series) if each.at < edge), None) for edge in edges)
    return first, before
