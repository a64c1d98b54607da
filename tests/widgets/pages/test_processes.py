"""The Processes page over a real engine: why a process is where it is, and what can be done with it."""

import pytest
from PyQt6.QtCore import Qt

from services.orchestrator.commands import AddProcess, CancelProcess, PauseProcess, RunNow, SetParameters
from widgets.pages.processes import NewScript, ProcessesPage
from widgets.pages.processes.new_script import Mistaken, check
from widgets.pages.processes.parameters import parameter


@pytest.fixture
def page(qtbot, household) -> ProcessesPage:
    shown = ProcessesPage()
    qtbot.addWidget(shown)
    shown.resize(1200, 800)
    shown.said = []
    shown.command.connect(shown.said.append)
    shown.show()
    shown.refresh(household.program.engine.view)
    return shown


def test_it_is_worth_looking_at(household, framed, picture, theme):
    page = ProcessesPage()
    window = framed("processes", page)
    page.refresh(household.program.engine.view)
    page.select("mentions-stream")
    runs = page.detail.runs.table
    runs.setCurrentIndex(runs.rows.index(1, 0))
    assert picture(window, f"processes-page-{theme}").stat().st_size > 10_000
    page.begin_script()
    picture(window, f"processes-form-{theme}")


def test_a_process_tells_its_state_reason_and_runs(page):
    page.select("mentions-stream")
    told = page.detail.facts.accessibleName()
    assert "State Stopped, by you" in told
    assert "Because cancelled" in told
    runs = page.detail.runs.table.rows
    assert runs.total == 5
    page.detail.runs.table.select_key(2)
    assert "ConnectionResetError: stream closed by peer" in page.detail.runs.trace.toPlainText()


def test_progress_has_an_eta_where_its_pace_is_known(page):
    page.select("walk-forward-sweep")
    assert " left" in page.detail.facts.accessibleName()
    page.select("billing-api")
    assert "Next run " in page.detail.facts.accessibleName()


def test_keys_and_buttons_tell_the_same_commands(qtbot, page):
    page.select("walk-forward-sweep")
    page.detail.hold.click()
    assert page.said == [PauseProcess("walk-forward-sweep")]
    assert page.detail.hold.state == "working"
    page.answered(page.said[0], "")
    assert page.detail.hold.state == "done"
    qtbot.keyClick(page.table, Qt.Key.Key_C)
    assert page.said[1] == CancelProcess("walk-forward-sweep")
    page.answered(page.said[1], "no")
    page.detail.buttons["run"].click()
    assert page.said[2] == RunNow("walk-forward-sweep", {})
    page.answered(page.said[2], "it cannot run")
    assert page.detail.buttons["run"].toolTip() == "it cannot run"


def test_what_makes_no_sense_is_grey(page):
    page.select("devlog")
    assert not page.detail.buttons["kill"].isEnabled()
    page.select("macd-eth-btc")
    assert page.detail.buttons["kill"].isEnabled()
    page.set_live(False)
    assert not page.detail.buttons["kill"].isEnabled()
    assert not page.detail.hold.isEnabled()
    assert not page.new.isEnabled()


def test_the_list_is_searched_and_filtered(qtbot, page):
    qtbot.keyClicks(page.search, "trading")
    assert page.table.rows.rowCount() == 2
    page.search.clear()
    page.chips["Paused"].click()
    assert page.table.rows.rowCount() == 0
    page.select("devlog")
    assert page.table.current_key == "devlog"


def test_a_parameter_is_set_for_good_or_once(qtbot, page):
    page.select("macd-eth-btc")
    editor = page.detail.parameters
    qtbot.keyClicks(editor.field, "speed=5")
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert page.said == [SetParameters("macd-eth-btc", {"speed": 5}, False)]
    page.answered(page.said[0], "")
    assert editor.field.text() == ""
    qtbot.keyClicks(editor.field, "loop=false")
    editor.buttons[True].click()
    assert page.said[1] == SetParameters("macd-eth-btc", {"loop": False}, True)
    page.answered(page.said[1], "there is no such parameter")
    assert editor.buttons[True].toolTip() == "there is no such parameter"
    editor.field.setText("speed")
    editor.submit(once=False)
    assert "such as speed=5" in editor.field.toolTip()


def test_values_are_what_they_look_like():
    given = {"a=1": 1, "a=1.5": 1.5, "a=true": True, "a=null": None, 'a="1"': "1", "a=x y": "x y"}
    assert {text: parameter(text)["a"] for text in given} == given


def test_a_new_script_is_asked_for_once_it_is_sound(qtbot, page):
    made = []
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    page.new_script.connect(made.append)
    qtbot.keyClick(page.table, Qt.Key.Key_N)
    form = page.form
    assert form.isVisible()
    form.submit()
    assert form.mistake.text().startswith("Name: ")
    qtbot.keyClicks(form.name, "nightly")
    qtbot.keyClicks(form.command, "python main.py 'a b'")
    form.when.setCurrentIndex(1)
    form.submit()
    assert form.mistake.text().startswith("Schedule: say how often")
    qtbot.keyClicks(form.period, "15m")
    form.alive.setCurrentIndex(1)
    qtbot.keyClick(form.period, Qt.Key.Key_Return)
    assert made == [NewScript("nightly", "python main.py 'a b'", every="15m", alive="output within 60s")]
    page.script_answered(made[0], "a process of this name exists")
    assert form.mistake.text() == "a process of this name exists"
    form.submit()
    page.answered(AddProcess("nightly", "kind: script"), "")
    assert not form.isVisible()


def test_the_form_is_left_with_esc(qtbot, page):
    page.begin_script()
    qtbot.keyClick(page.form.name, Qt.Key.Key_Escape)
    assert not page.form.isVisible()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (NewScript("a b", "x"), "Name"),
        (NewScript("a", "x 'y"), "Command: No closing quotation"),
        (NewScript("a", ""), "Command: what is to be run"),
        (NewScript("a", "x", every="often"), "Schedule: 'often' is no duration"),
        (NewScript("a", "x", cron="* *"), "Schedule: five fields"),
    ],
)
def test_mistakes_are_told_with_their_field(script: NewScript, told: str):
    with pytest.raises(Mistaken, match=told):
        check(script)
