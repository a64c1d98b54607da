"""The form for new things: judged while it is typed, sent once it is sound."""

import pytest
from PyQt6.QtCore import Qt

from widgets.pages.processes import NewProject, NewScript, NewStrategy, ProcessesPage


@pytest.fixture
def form(qtbot, page: ProcessesPage):
    qtbot.keyClick(page.table, Qt.Key.Key_N)
    assert page.form.isVisible()
    page.asked = []
    for signal in (page.script_wanted, page.project_wanted, page.strategy_wanted):
        signal.connect(page.asked.append)
    return page.form


def test_the_keyboard_is_in_the_first_field_and_letters_are_letters(qtbot, form):
    assert form.script.name.hasFocus()
    qtbot.keyClicks(form.script.name, "rns/l")
    assert form.script.name.text() == "rns/l"


def test_a_list_in_the_form_keeps_its_letters(qtbot, page, form):
    form.script.when.setFocus()
    qtbot.keyClick(form.script.when, Qt.Key.Key_E)
    assert form.script.when.currentText() == "Every"
    qtbot.keyClick(form.script.when, Qt.Key.Key_Space)
    form.script.when.hidePopup()
    assert page.said == []


def test_an_untouched_field_is_not_blamed_until_the_form_is_sent(qtbot, form):
    qtbot.keyClicks(form.script.command, "a | b")
    assert "needs a shell" in form.script.fields["command"].fault
    assert form.script.fields["name"].fault == ""
    form.submit()
    assert form.script.fields["name"].fault == "Give it a name, such as nightly-report."
    assert form.script.name.hasFocus()


def test_a_fault_goes_as_soon_as_it_is_mended(qtbot, form):
    qtbot.keyClicks(form.script.name, "macd-eth-btc")
    assert "called 'macd-eth-btc' already" in form.script.fields["name"].fault
    qtbot.keyClicks(form.script.name, "-2")
    assert form.script.fields["name"].fault == ""


def test_a_script_is_asked_for_once_it_is_sound(qtbot, page, form):
    script = form.script
    qtbot.keyClicks(script.name, "nightly")
    qtbot.keyClicks(script.command, "python main.py 'a b'")
    script.when.setCurrentIndex(1)
    form.submit()
    assert script.fields["time"].fault.startswith("Say how often")
    qtbot.keyClicks(script.time, "15m")
    script.alive.setCurrentIndex(1)
    qtbot.keyClicks(script.patterns, "queue = queue=(\\d+)")
    qtbot.keyClick(script.time, Qt.Key.Key_Return)
    assert page.asked == [
        NewScript(
            "nightly",
            "python main.py 'a b'",
            every="15m",
            alive="output within 60s",
            patterns=(("queue", "queue=(\\d+)"),),
        )
    ]
    assert form.add_button.state == "working"


def test_a_refusal_stays_in_the_form_and_a_done_one_closes_it(qtbot, page, form):
    qtbot.keyClicks(form.script.name, "nightly")
    qtbot.keyClicks(form.script.command, "true")
    form.submit()
    page.form_answered("a process is called 'nightly' already")
    assert form.error.text() == "a process is called 'nightly' already"
    assert form.script.name.text() == "nightly"
    form.submit()
    page.form_answered("")
    assert not form.isVisible()
    page.open_form("script")
    assert form.script.name.text() == ""


def test_esc_leaves_and_what_was_typed_stays(qtbot, page, form):
    qtbot.keyClicks(form.script.name, "nightly")
    qtbot.keyClick(form.script.name, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert page.table.hasFocus()
    page.open_form("script")
    assert form.script.name.text() == "nightly"


def test_looking_at_a_process_leaves_the_form(page, form):
    page.table.select_key("walk-forward")
    assert not form.isVisible()
    assert page.pane.name == "walk-forward"


def test_a_refresh_does_not_leave_the_form(busy, page, form):
    page.filters.choose("attention")
    page.refresh(busy.view)
    assert form.isVisible()


def test_a_project_is_asked_for_by_its_folder(qtbot, page, form):
    form.tabs.setCurrentIndex(1)
    qtbot.keyClicks(form.project.path, "code/billing")
    assert "depends on where Dreamscape was started" in form.project.fields["path"].fault
    form.project.path.clear()
    qtbot.keyClicks(form.project.path, "~/code/billing")
    form.submit()
    assert page.asked == [NewProject("~/code/billing")]


def test_a_strategy_is_made_from_one_that_there_is(qtbot, page, form):
    page.offer_strategies(("trading/macd-eth-btc.yaml", "engagement/build-in-public.yaml"))
    page.open_form("strategy")
    qtbot.keyClicks(form.strategy.name, "my-macd")
    form.submit()
    assert page.asked == [NewStrategy("my-macd", "trading/macd-eth-btc.yaml")]


def test_a_form_that_does_not_exist_is_refused(page):
    with pytest.raises(ValueError, match="bot"):
        page.open_form("bot")
