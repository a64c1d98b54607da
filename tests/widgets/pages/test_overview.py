"""The Overview page over a real engine: shown, acted on, and taken back in time."""

from datetime import timedelta

import pytest
from PyQt6.QtCore import Qt

from app.wiring.projections import KINDS
from services.core.commands import Command
from services.core.decisions.commands import ApproveDecision, UndoDecision
from services.core.process import State
from services.core.projections.views import past_view
from services.orchestrator.commands import KillProcess, PauseProcess, ResumeProcess, RunNow
from widgets.pages.overview import OverviewPage
from widgets.parts.table.model import CELL_ROLE

SWEEP = "walk-forward-sweep"


@pytest.fixture
def page(qtbot, household) -> OverviewPage:
    shown = OverviewPage()
    qtbot.addWidget(shown)
    shown.resize(1200, 800)
    shown.said = []
    shown.command.connect(shown.said.append)
    shown.show()
    shown.refresh(household.program.engine.view)
    return shown


def obey(household, page: OverviewPage, command: Command) -> None:
    """What the runtime does with a command: dispatch it, answer the page, show what is known then."""
    household.program.tell(command)
    page.answered(command, "")
    household.program.advance(1)
    page.refresh(household.program.engine.view)


def cell(page: OverviewPage, name: str, column: str) -> str:
    place = [each.id for each in page.table.rows.columns].index(column)
    return page.table.rows.index_of(name).siblingAtColumn(place).data(CELL_ROLE).text


def test_it_looks_like_the_drawn_target(household, framed, picture, theme, lines):
    page = OverviewPage()
    window = framed("overview", page)
    page.refresh(household.program.engine.view)
    page.add_log_lines(lines)
    assert picture(window, f"overview-page-{theme}").stat().st_size > 10_000
    page.set_first_steps(True)
    window.resize(1100, 700)
    picture(window, f"overview-page-small-{theme}")


def test_space_pauses_and_space_resumes_the_selected_process(qtbot, household, page):
    page.select(SWEEP)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.said == [PauseProcess(SWEEP)]
    assert cell(page, SWEEP, "act") == "Pause…"
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert len(page.said) == 1
    obey(household, page, page.said[0])
    assert cell(page, SWEEP, "state") == "Paused"
    assert cell(page, SWEEP, "doing").startswith("by you, ")
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.said[1] == ResumeProcess(SWEEP)
    obey(household, page, page.said[1])
    assert household.program.state_of(SWEEP) is State.RUNNING


def test_the_menu_has_what_makes_sense_and_a_command_that_fails_frees_the_row(household, page):
    row = page.table.rows.index_of(SWEEP).row()
    menu = page.table.row_menu(row)
    titles = [entry.text().partition("\t")[0] for entry in menu.actions() if entry.text()]
    assert titles == ["Pause", "Cancel", "Kill", "Show log", "Details"], "it runs, one at a time, and no time starts it"
    entries = {entry.text().partition("\t")[0]: entry for entry in menu.actions()}
    entries["Kill"].trigger()
    assert page.said == [KillProcess(SWEEP)]
    page.answered(page.said[0], "there is no run to kill")
    assert cell(page, SWEEP, "act") == ""
    idle = page.table.row_menu(page.table.rows.index_of("devlog").row())
    assert "Kill\tK" not in [entry.text() for entry in idle.actions()]


def test_r_runs_now_and_enter_goes_to_the_details(qtbot, page):
    gone = []
    page.go_to.connect(lambda where, what: gone.append((where, what)))
    page.select("devlog")
    qtbot.keyClick(page.table, Qt.Key.Key_R)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    page.tiles["errors"].click()
    assert page.said == [RunNow("devlog", {})]
    assert gone == [("processes", "devlog"), ("logs", "")]


def test_what_needs_you_is_approved_on_the_spot(household, page):
    need = page.needs.items.row(household.program.engine.view.value(_decisions()).waiting[0].id)
    need.buttons["approve"].click()
    assert page.said == [ApproveDecision(need.view.id)]
    assert need.buttons["approve"].state == "working"
    page.answered(page.said[0], "it has expired")
    assert (need.buttons["approve"].state, need.buttons["approve"].toolTip()) == ("failed", "it has expired")
    need.buttons["approve"].click()
    obey(household, page, page.said[1])
    with pytest.raises(KeyError):
        page.needs.items.row(need.view.id)


def test_what_was_done_is_undone_from_its_line(household, page):
    deed = next(view for view in page.deeds._shown if view.offers)
    page.deeds.items.row(deed.id).buttons["undo"].click()
    assert page.said == [UndoDecision(deed.id)]
    obey(household, page, page.said[0])
    assert page.deeds.items.row(deed.id).view.title.partition(" · and")[0].endswith("(undone)")
    assert not page.deeds.items.row(deed.id).buttons


def test_the_past_is_shown_and_cannot_be_acted_on(qtbot, household, page, picture):
    engine = household.program.engine
    moment = household.begin + timedelta(seconds=845.5)
    page.set_live(False)
    page.refresh(past_view(engine.projections, engine.files, moment, KINDS))
    assert page.time.told.text().startswith("As of ")
    assert cell(page, SWEEP, "state") == "Paused"
    assert cell(page, "mentions-stream", "state") == "Restarting"
    page.select(SWEEP)
    with qtbot.waitSignal(page.held):
        qtbot.keyClick(page.table, Qt.Key.Key_Space)
    place = page.table.button_place(page.table.currentIndex().row(), "resume")
    with qtbot.waitSignal(page.held):
        qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert page.said == []
    buttons = [
        button
        for card in (page.needs, page.deeds)
        for view in card._shown
        for offer, button in card.items.row(view.id).buttons.items()
        if offer != "review"
    ]
    assert buttons
    assert not any(button.isEnabled() for button in buttons)
    assert {button.toolTip() for button in buttons} == {"You are looking at a past moment"}
    picture(page, "overview-past")
    page.set_live(True)
    page.refresh(engine.view)
    assert page.time.told.text() == "Now"


def test_the_time_line_is_walked_from_happening_to_happening(qtbot, page):
    track = page.time.track
    marks = track._line.marks
    with qtbot.waitSignal(page.moment_wanted) as wanted:
        qtbot.keyClick(track, Qt.Key.Key_Left)
    assert marks[-1].at <= wanted.args[0] <= marks[-1].at + timedelta(seconds=1)
    with qtbot.waitSignal(page.moment_wanted) as wanted:
        qtbot.keyClick(track, Qt.Key.Key_Home)
    assert wanted.args[0] == track._line.begin
    with qtbot.waitSignal(page.moment_wanted) as wanted:
        qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=track.rect().center())
    middle = track._line.begin + (track._line.end - track._line.begin) / 2
    assert abs(wanted.args[0] - middle) < timedelta(minutes=1)
    with qtbot.waitSignal(page.moment_wanted) as wanted:
        qtbot.keyClick(track, Qt.Key.Key_End)
    assert wanted.args == [None]


def test_a_second_look_at_the_same_state_changes_nothing(household, page):
    changed = []
    page.table.rows.dataChanged.connect(lambda *where: changed.append(where))
    redraws = [card.chart.redraws for card in page.charts]
    page.refresh(household.program.engine.view)
    assert changed == []
    assert [card.chart.redraws for card in page.charts] == redraws


def test_attention_is_a_filter(qtbot, household, page):
    qtbot.mouseClick(page.attention, Qt.MouseButton.LeftButton)
    assert page.table.rows.rowCount() == sum(1 for line in page.table._lines if line.troubled)
    qtbot.mouseClick(page.all, Qt.MouseButton.LeftButton)
    assert page.table.rows.rowCount() == 6


def test_the_log_waits_while_the_page_is_hidden_and_can_be_narrowed_to_errors(page, lines):
    page.hide()
    page.add_log_lines(lines)
    assert page.log.view.log.rowCount() == 0
    page.show()
    assert page.log.view.log.rowCount() == 5
    page.log.errors.click()
    assert page.log.view.log.rowCount() == 1
    assert page.log.errors.text() == "Errors 1"


def test_the_log_of_a_past_moment_stands_in_place_of_the_live_one_which_goes_on_behind_it(page, lines):
    page.add_log_lines(lines)
    page.show_past_log(lines[:2])
    page.add_log_lines(lines)
    assert page.log.view.log.rowCount() == 2
    assert (page.log.errors.text(), page.log.accessibleName()) == ("Errors 0", "Log until then")
    page.show_past_log(None)
    assert page.log.view.log.rowCount() == 10
    assert (page.log.errors.text(), page.log.accessibleName()) == ("Errors 2", "Live log")


def test_first_steps_offer_a_beginning_and_go(page):
    wanted = []
    page.offer.connect(wanted.append)
    page.set_first_steps(True)
    for button in page.steps.buttons.values():
        button.click()
    assert wanted == ["add.script", "add.project", "add.strategy"]
    page.set_first_steps(False)
    assert not page.steps.isVisible()


def _decisions():
    from services.core.decisions.inbox import Decisions

    return Decisions
