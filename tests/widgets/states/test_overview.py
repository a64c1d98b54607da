"""Overview's state is the same whether it was seen live or is asked for afterwards, and says what its figures are."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.wiring.projections import KINDS, all_projections
from services.core.process import State
from services.core.projections.views import past_view
from services.core.samples.files import SampleFiles
from tests.support.hour import Household
from tests.support.program import Program
from widgets.states.ahead import read_ahead
from widgets.states.overview import OverviewState, overview_state
from widgets.states.process_detail import process_detail
from widgets.states.process_list import processes_state
from widgets.states.rules import rule_lines


@pytest.fixture(scope="module")
def hour(tmp_path_factory):
    """A household after its hour, with what Overview showed at ten moments of it."""
    household = Household(tmp_path_factory.mktemp("hour"))
    program = household.open()
    seen = {moment: overview_state(program.engine.view) for moment in household.moments()}
    yield program, seen
    household.close()


def test_what_was_shown_then_is_found_again_by_its_moment(hour):
    program, seen = hour
    assert len({repr(state) for state in seen.values()}) == 10
    for moment, shown in seen.items():
        past = past_view(program.engine.projections, program.engine.files, moment, KINDS)
        assert overview_state(past) == shown


def test_a_past_moment_knows_nothing_of_what_came_after(hour):
    program, seen = hour
    moment = min(seen) + timedelta(minutes=2)
    past = overview_state(past_view(program.engine.projections, program.engine.files, moment, KINDS))
    assert past.time.end == moment
    assert all(mark.at <= moment for mark in past.time.marks)
    assert all(x <= moment.timestamp() for chart in past.charts for line in chart.lines for x in line.curve.xs)
    assert all(deed.at <= moment for deed in past.deeds)


class CountedReading(SampleFiles):
    """Files of samples that count how often they are read."""

    reads = 0

    def read_known(self, *what: Any) -> Any:
        self.reads += 1
        return super().read_known(*what)

    def first_known(self, *what: Any) -> Any:
        self.reads += 1
        return super().first_known(*what)

    def values_before(self, *what: Any) -> Any:
        self.reads += 1
        return super().values_before(*what)

    def last(self, *what: Any) -> Any:
        self.reads += 1
        return super().last(*what)


def test_once_a_past_view_is_read_ahead_no_page_reads_the_disk_whatever_is_selected(hour):
    program, seen = hour
    files = CountedReading(program.engine.files.folder)
    moment = min(seen) + timedelta(minutes=10)
    view = past_view(program.engine.projections, files, moment, KINDS)
    read_ahead(view)
    before = files.reads
    assert before > 0
    lines = processes_state(view).lines
    details = [process_detail(view, line.name) for line in lines]
    assert overview_state(view).processes
    assert rule_lines(view) == ()
    left = [figure.value for detail in details for figure in detail.figures if figure.name == "Time left"]
    assert any(value.startswith("about") for value in left), "what reads the most is among it"
    assert files.reads == before


def test_a_run_that_has_ended_has_no_progress_any_more(hour):
    program, seen = hour
    line = next(line for line in seen[max(seen)].processes if line.name == "billing-api")
    assert program.engine.view.newest("progress:billing-api") == 1.0
    assert (line.word, line.progress) == ("Waiting", None)


def test_every_figure_says_what_its_data_are(hour):
    _, seen = hour
    state = seen[max(seen)]
    labels = [tile.label for tile in state.tiles]
    assert labels == [
        "Paper P&L · generated",
        "Simulated engagement rate",
        "Tests passing",
        "Simulated sentiment",
        "Runs done",
        "Failures, last hour",
    ]
    assert all(tile.value != "—" for tile in state.tiles)
    assert state.charts[0].title == "Paper equity and sentiment"
    assert [line.name for line in state.charts[0].lines] == ["equity (generated)", "sentiment (simulated)"]
    assert (state.charts[1].title, state.charts[1].unit) == ("Tests passing", "share")


def test_the_hour_is_told_by_its_lines_needs_and_deeds(hour):
    _, seen = hour
    states = [seen[moment] for moment in sorted(seen)]
    by_name = [{line.name: line for line in state.processes} for state in states]
    sweep = [lines["walk-forward-sweep"] for lines in by_name]
    assert sweep[0].state is State.RUNNING
    assert [line.state for line in sweep[1:6]] == [State.PAUSED] * 5
    assert sweep[1].doing.startswith("by you, ")
    assert sweep[1].progress == sweep[5].progress
    assert sweep[-1].progress > sweep[5].progress
    assert by_name[-1]["mentions-stream"].restarts > 0
    assert "next " in by_name[-1]["billing-api"].doing
    assert any(state.needs and state.needs[0].approve == "Send" for state in states)
    assert any(deed.can_undo for deed in states[-1].deeds)
    assert any(deed.undone for deed in states[-1].deeds)
    assert {mark.kind for mark in states[-1].time.marks} == {"decision", "restart", "failure", "alert"}


def test_a_restart_counts_down_to_its_attempt(hour):
    _, seen = hour
    told = [line.doing for state in seen.values() for line in state.processes if line.state is State.BACKOFF]
    assert told
    assert all("attempt " in doing and "ConnectionResetError" in doing for doing in told)


def test_an_empty_home_says_what_would_bring_its_figures(tmp_path: Path):
    program = Program(tmp_path).open(all_projections())
    state: OverviewState = overview_state(program.engine.view)
    told = {tile.id: (tile.value, tile.note) for tile in state.tiles}
    assert told["pnl"] == ("—", "add a strategy")
    assert told["rate"] == ("—", "add a campaign")
    assert told["tests"] == ("—", "add a project")
    assert told["errors"] == ("0", "none")
    assert state.charts[0].nothing.startswith("No strategy has traded yet")
    assert not any(line.curve.xs for chart in state.charts for line in chart.lines)
    program.close()


def test_it_is_built_without_qt():
    code = "import sys, widgets.states.overview; sys.exit(any(name.startswith('PyQt6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
