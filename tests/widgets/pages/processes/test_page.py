"""The page over a real engine: why a process is where it is, and what can be done with it, by keys and clicks."""

from datetime import timedelta

import pytest
from PyQt6.QtCore import Qt

from app.wiring.projections import KINDS
from services.core.durations import seconds
from services.core.projections.views import past_view
from services.orchestrator.commands import (
    CancelProcess,
    KillProcess,
    PauseProcess,
    ResumeProcess,
    RunNow,
    SetParameters,
    SkipNext,
)
from services.orchestrator.history.projections import RunHistory
from services.orchestrator.history.run_pages import runs_of
from services.orchestrator.triggers.trigger import Every
from tests.support.bustle import House, Works
from tests.widgets.pages.processes.conftest import shown
from widgets.pages.processes import ProcessesPage
from widgets.parts.table.model import CELL_ROLE

TRADER = "macd-eth-btc"


def names(page: ProcessesPage) -> list[str]:
    rows = page.table.rows
    return [rows.key_at(rows.index(row, 0)) for row in range(rows.rowCount())]


def shown_runs(page: ProcessesPage) -> list[int]:
    rows = page.pane.runs.table.rows
    return [rows.key_at(rows.index(row, 0)) for row in range(rows.rowCount())]


def cell(page: ProcessesPage, name: str, column: str) -> str:
    place = [each.id for each in page.table.rows.columns].index(column)
    return page.table.rows.index_of(name).siblingAtColumn(place).data(CELL_ROLE).text


def press(qtbot, page: ProcessesPage, key: Qt.Key) -> None:
    qtbot.keyClick(page.table, key)


def obey(house: House, page: ProcessesPage) -> None:
    """What the runtime does with a command: dispatch it, answer the page, show what is known then."""
    command = page.said[-1]
    house.program.tell(command)
    page.answered(command, "")
    house.program.advance(2)
    page.refresh(house.view)


def test_each_row_says_where_its_process_stands(page):
    assert cell(page, TRADER, "state") == "Running"
    assert cell(page, TRADER, "progress") == "17%"
    assert cell(page, "price-mirror", "state") == "Paused"
    assert cell(page, "billing-api", "doing").startswith("there is no interpreter")
    assert cell(page, "mentions-stream", "restarts") == "1"
    assert cell(page, "paging", "next").startswith("in ")
    assert cell(page, "weekly review", "next") == "tomorrow"


def test_the_list_is_narrowed_to_what_wants_attention_or_a_service(qtbot, page):
    qtbot.mouseClick(page.filters.chips.chips["attention"], Qt.MouseButton.LeftButton)
    assert names(page) == ["billing-api", "mentions-stream"]
    qtbot.mouseClick(page.filters.chips.chips["trading"], Qt.MouseButton.LeftButton)
    assert names(page) == [TRADER, "walk-forward"]
    page.select("price-mirror")
    assert page.filters.current == "all"
    assert page.table.current_key == "price-mirror"


def test_in_a_small_window_the_services_are_a_list_that_opens(page):
    assert page.filters.chips.isVisible()
    page.resize(860, 600)
    assert page.filters.list.isVisible()
    page.filters.list.setCurrentIndex(page.filters.list.findData("scripts"))
    page.filters.list.activated.emit(page.filters.list.currentIndex())
    assert names(page) == ["nightly-import", "price-mirror"]


def test_slash_goes_to_the_search_and_esc_empties_it(qtbot, page):
    press(qtbot, page, Qt.Key.Key_Slash)
    assert page.search.hasFocus()
    qtbot.keyClicks(page.search, "stream closed")
    qtbot.waitUntil(lambda: names(page) == ["mentions-stream"])
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(names(page)) == 9)


def test_letters_in_the_search_are_letters(qtbot, page):
    page.search.setFocus()
    qtbot.keyClicks(page.search, "nr s")
    assert page.search.text() == "nr s"
    assert page.said == []


@pytest.mark.parametrize(
    ("name", "key", "command"),
    [
        (TRADER, Qt.Key.Key_Space, PauseProcess(TRADER)),
        ("price-mirror", Qt.Key.Key_Space, ResumeProcess("price-mirror")),
        ("paging", Qt.Key.Key_R, RunNow("paging", {})),
        ("paging", Qt.Key.Key_S, SkipNext("paging")),
        ("mentions-stream", Qt.Key.Key_Delete, CancelProcess("mentions-stream")),
    ],
)
def test_a_key_tells_the_command_of_the_selected_process_once(qtbot, page, name, key, command):
    page.select(name)
    press(qtbot, page, key)
    press(qtbot, page, key)
    assert page.said == [command]


def test_space_pauses_and_space_resumes(qtbot, obedient):
    page = shown(qtbot, obedient)
    page.select(TRADER)
    press(qtbot, page, Qt.Key.Key_Space)
    assert page.pane.controls.hold.state == "working"
    assert cell(page, TRADER, "state") == "Pause…"
    obey(obedient, page)
    assert obedient.has_it("paused", TRADER)
    assert page.pane.headline.text() == "Paused by you"
    assert page.pane.controls.hold.state == "done"
    press(qtbot, page, Qt.Key.Key_Space)
    obey(obedient, page)
    assert obedient.has_it("running", TRADER)
    assert page.said == [PauseProcess(TRADER), ResumeProcess(TRADER)]


def test_space_on_a_button_presses_the_button(qtbot, page):
    page.select(TRADER)
    page.pane.controls.cancel.setFocus()
    qtbot.keyClick(page.pane.controls.cancel, Qt.Key.Key_Space)
    assert page.said == [CancelProcess(TRADER)]


def test_kill_asks_first(qtbot, page):
    page.select(TRADER)
    kill = page.pane.controls.kill
    qtbot.mouseClick(kill, Qt.MouseButton.LeftButton)
    assert (kill.text(), page.said) == ("Kill now", [])
    qtbot.keyClick(kill, Qt.Key.Key_Escape)
    assert kill.text() == "Kill"
    qtbot.mouseClick(kill, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(kill, Qt.MouseButton.LeftButton)
    assert page.said == [KillProcess(TRADER)]


def test_the_question_of_kill_does_not_pass_to_another_process(qtbot, page):
    page.select(TRADER)
    qtbot.mouseClick(page.pane.controls.kill, Qt.MouseButton.LeftButton)
    page.select("walk-forward")
    assert page.pane.controls.kill.text() == "Kill"


def test_remove_asks_first_and_is_left_to_the_application(qtbot, page):
    offered = []
    page.offer.connect(offered.append)
    page.select("nightly-import")
    for _ in range(2):
        qtbot.mouseClick(page.pane.danger.gone, Qt.MouseButton.LeftButton)
    assert offered == ["remove:nightly-import"]


def test_what_makes_no_sense_is_grey(page):
    page.select("weekly review")
    controls = page.pane.controls
    assert [controls.kill.isEnabled(), controls.run.isEnabled(), controls.cancel.isEnabled()] == [False, True, True]
    assert controls.kill.toolTip() == "Not now: nothing of it runs"
    assert page.pane.danger.gone.toolTip() == "Not now: it belongs to Dreamscape itself; pause it instead"
    page.select(TRADER)
    assert controls.kill.isEnabled()
    assert not controls.run.isEnabled()
    assert controls.run.toolTip() == "Not now: a run of it is under way, and it has one at a time"
    assert page.why_not("processes.run") == "a run of it is under way, and it has one at a time"
    assert page.pane.danger.gone.toolTip() == "Not now: it comes with Dreamscape"
    assert not page.pane.danger.gone.isEnabled()


def test_a_refusal_is_told_where_it_was_asked(page):
    page.select("paging")
    page.pane.controls.skip.click()
    page.answered(page.said[0], "paging has no next time to skip")
    assert page.pane.fault.text() == "paging has no next time to skip"
    assert page.pane.controls.skip.state == "failed"
    page.select(TRADER)
    assert not page.pane.fault.isVisible()
    assert page.pane.controls.skip.state == "ready"


def test_the_next_run_can_be_skipped_only_where_times_make_one(qtbot, page):
    for name, scheduled in ((TRADER, False), ("paging", True), ("weekly review", True), ("mentions-stream", False)):
        page.select(name)
        assert page.pane.controls.skip.isEnabled() is scheduled, name
        assert page.pane.controls.skip.toolTip().startswith("Not now: it has no schedule") is not scheduled, name
    page.select(TRADER)
    assert page.why_not("processes.skip") == "it has no schedule, so there is no next run to leave out"
    assert page.why_not("processes.hold") == ""
    press(qtbot, page, Qt.Key.Key_S)
    assert page.said == []


def test_commands_of_another_page_do_not_touch_the_buttons(page):
    page.select(TRADER)
    page.answered(PauseProcess(TRADER), "")
    assert page.pane.controls.hold.state == "ready"


def test_a_parameter_is_set_for_good_or_for_one_run(qtbot, page):
    page.select(TRADER)
    editor = page.pane.parameters
    qtbot.keyClicks(editor.field, "speed=5 loop=true")
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert page.said == [SetParameters(TRADER, {"speed": 5, "loop": True}, False)]
    page.answered(page.said[0], "")
    assert editor.field.text() == ""
    assert editor.told.text() == "Set: it counts from the next run on"
    editor.span.choose("once")
    qtbot.keyClicks(editor.field, "speed=6")
    editor.button.click()
    assert page.said[1] == SetParameters(TRADER, {"speed": 6}, True)
    page.answered(page.said[1], "there is no such parameter")
    assert (editor.told.text(), editor.field.text()) == ("there is no such parameter", "speed=6")


def origins(page):
    rows = page.pane.parameters.rows
    return {name: (rows.fields[name].text(), rows._origins[name].text()) for name in rows.fields}


def test_what_the_next_run_is_given_is_shown_with_where_it_comes_from(qtbot, obedient):
    house = obedient.program
    house.start(Works, "adopted", service="scripts", parameters={"total": 30})
    house.tell(SetParameters("adopted", {"what": "1"}, False))
    house.advance(1)
    page = shown(qtbot, obedient)
    page.select("adopted")
    assert origins(page) == {"total": ("30", "its file"), "what": ('"1"', "set by you")}
    house.tell(SetParameters("adopted", {"total": 7}, True))
    house.advance(1)
    page.refresh(obedient.view)
    assert origins(page)["total"] == ("7", "next run only")


def test_parameters_are_changed_in_place_for_a_run_that_starts_now(qtbot, obedient):
    obedient.program.start(Works, "adopted", service="scripts", parameters={"total": 30})
    obedient.program.advance(1)
    page = shown(qtbot, obedient)
    page.select("adopted")
    editor = page.pane.parameters
    editor.rows.fields["total"].setFocus()
    editor.rows.fields["total"].selectAll()
    qtbot.keyClicks(editor.rows.fields["total"], "60")
    page.refresh(obedient.view)
    assert editor.rows.fields["total"].text() == "60", "what is being written stays"
    editor.span.choose("now")
    qtbot.keyClick(editor.rows.fields["total"], Qt.Key.Key_Return)
    assert page.said == [RunNow("adopted", {"total": 60})]
    page.answered(page.said[0], "")
    assert editor.told.text() == "A run with these was asked for"
    page.refresh(obedient.view)
    page.select(TRADER)
    page.select("adopted")
    assert editor.rows.fields["total"].text() == "30", "it was for that run alone"


def test_runs_beyond_the_newest_are_read_from_the_store(qtbot, obedient, monkeypatch):
    monkeypatch.setattr(RunHistory, "KEPT", 3)
    house = obedient.program
    house.start(Works(1), "often", service="scripts", triggers=(Every(seconds(5)),))
    house.advance(40)
    page = shown(qtbot, obedient)
    wanted = []
    page.older_wanted.connect(lambda *asked: wanted.append(asked))
    page.select("often")
    runs = page.pane.runs
    assert len(shown_runs(page)) <= 3
    runs.more.click()
    ((name, last),) = wanted
    with house.engine.store.reading.connect() as connection:
        page.show_older(name, runs_of(connection, name, last), last)
    assert shown_runs(page) == list(range(house.unit("often").epoch, 0, -1))
    assert not runs.more.isVisible(), "these are all there are"


@pytest.mark.parametrize("text", ["speed", "=5", "name='open", "speed=1 speed=2"])
def test_what_is_no_parameter_is_told_while_it_is_typed(qtbot, page, text):
    page.select(TRADER)
    editor = page.pane.parameters
    editor.forget()
    qtbot.keyClicks(editor.field, text)
    assert editor.told.text().endswith(".")
    assert not editor.button.isEnabled()
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert page.said == []


def test_a_run_is_opened_with_its_traceback_and_left_with_esc(qtbot, page):
    page.select("mentions-stream")
    runs = page.pane.runs
    runs.table.select_key(1)
    qtbot.keyClick(runs.table, Qt.Key.Key_Return)
    assert "ConnectionResetError: stream closed by the other side" in runs.text.toPlainText()
    assert "Traceback (most recent call last)" in runs.text.toPlainText()
    qtbot.keyClick(runs.text, Qt.Key.Key_Escape)
    assert not runs.reading
    assert runs.table.hasFocus()


def test_the_log_of_the_selected_process_is_one_key_away(qtbot, page):
    gone = []
    page.go_to.connect(lambda where, what: gone.append((where, what)))
    page.select(TRADER)
    press(qtbot, page, Qt.Key.Key_L)
    page.pane.logs.click()
    assert gone == [("logs", TRADER)] * 2


def test_a_past_moment_is_shown_and_cannot_be_acted_on(qtbot, busy, page):
    engine = busy.program.engine
    moment = engine.clock.now() - timedelta(seconds=60)
    page.select("price-mirror")
    page.set_live(False)
    page.refresh(past_view(engine.projections, engine.files, moment, KINDS))
    assert cell(page, "price-mirror", "state") == "Running"
    assert "mentions-stream" not in names(page)
    press(qtbot, page, Qt.Key.Key_Space)
    press(qtbot, page, Qt.Key.Key_N)
    controls = page.pane.controls
    assert not any(button.isEnabled() for button in (controls.hold, controls.run, controls.kill, page.new))
    assert not page.pane.parameters.field.isEnabled()
    assert not page.form.isVisible()
    assert page.said == []
    page.set_live(True)
    page.refresh(busy.view)
    assert cell(page, "price-mirror", "state") == "Paused"
    assert controls.hold.isEnabled()


def test_a_page_with_nothing_on_it_says_how_to_begin(qtbot, quiet):
    page = shown_empty(qtbot, quiet)
    assert not page.pane.isVisible()
    state = page._faces.currentWidget()
    assert "No process yet" in state.accessibleName()
    state.chosen.emit("project")
    assert page.form.project.isVisible()
    qtbot.keyClick(page.form.project.path, Qt.Key.Key_Escape)
    assert not page.form.isVisible()


def shown_empty(qtbot, house: House) -> ProcessesPage:
    page = ProcessesPage()
    qtbot.addWidget(page)
    page.resize(1300, 900)
    page.show()
    page.refresh(house.view)
    return page


def test_a_process_that_is_not_known_yet_is_selected_once_it_is(qtbot, obedient):
    page = shown(qtbot, obedient)
    page.select("newcomer")
    assert page.table.current_key != "newcomer"
    obedient.program.start(Works(), "newcomer")
    obedient.program.advance(1)
    page.refresh(obedient.view)
    assert page.table.current_key == "newcomer"
    assert page.pane.name == "newcomer"
