"""What the figures at the top of Overview say of their data."""

import pytest

from services.core.process import State
from services.debugger.kpis import DebuggerFigures, DebuggerKpis, ProjectKpis
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow
from tests.support.manual_clock import START
from tests.support.pages import Moment
from widgets.states.overview import overview_state
from widgets.states.tiles import tiles

TESTED, OTHER, BARE = ProjectKpis("shop", passing=50.0), ProjectKpis("site", passing=100.0), ProjectKpis("notes")


@pytest.mark.parametrize(
    ("projects", "failing", "told"),
    [
        ((TESTED,), 2, ("2 failing", "")),
        ((TESTED, OTHER), 2, ("2 failing", "in 2 projects")),
        ((TESTED, BARE, BARE), 2, ("2 failing", "2 untested")),
        ((TESTED, OTHER, BARE), 0, ("", "0 failing in 2 projects, 1 untested")),
    ],
)
def test_a_share_of_tests_says_of_which_projects_it_is(projects, failing: int, told: tuple[str, str]) -> None:
    view = Moment({DebuggerKpis: DebuggerFigures(75.0, failing, projects=projects)})
    tile = next(tile for tile in tiles(view) if tile.id == "tests")
    assert (tile.change, tile.note) == told


def test_what_wants_a_look_stands_on_top_of_overview() -> None:
    states = (State.RUNNING, State.FAILED, State.WAITING)
    rows = tuple(ProcessRow(f"bot-{place}", "trading", state, "", "", START) for place, state in enumerate(states))
    shown = overview_state(Moment({Processes: ProcessesValue(rows)})).processes
    assert [line.name for line in shown] == ["bot-1", "bot-0", "bot-2"]
