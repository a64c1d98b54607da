import pytest
from PyQt6.QtCore import Qt

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import Decisions
from services.core.projections.views import past_view
from tests.support.desk_work import MoveWeight, ask_reply, busy_morning
from tests.support.watched import Watched
from widgets.pages.decisions import DecisionsPage


@pytest.fixture
def ledger(qtbot, desk) -> Watched:
    return Watched(qtbot, DecisionsPage(), DecisionsPage.ACTIONS, desk)


def move(percent: int) -> MoveWeight:
    return MoveWeight("#a", "#b", percent)


def test_qt_finds_no_fault_with_the_ledger(qtmodeltester, ledger):
    busy_morning(ledger.desk)
    ledger.look()
    qtmodeltester.check(ledger.page.table.rows)


def test_an_empty_ledger_says_what_will_be_here(ledger):
    ledger.look()
    assert ledger.page._faces.currentWidget().accessibleName().startswith("No decision yet")


def test_new_decisions_come_above_and_the_selection_stays(ledger):
    ledger.desk.decide(move(1), "it does better", "rule:weights")
    ledger.look()
    ledger.desk.decide(move(2), "it does better", "rule:weights")
    ledger.look()
    assert [what[:10] for what in ledger.cells("what")] == ["Moved 2 % ", "Moved 1 % "]
    assert ledger.page.pane.row.what.startswith("Moved 1 %")


def test_undo_in_the_row_says_at_once_that_it_works_and_then_what_came_of_it(qtbot, ledger):
    ledger.desk.decide(move(1), "it does better", "rule:weights")
    ledger.look()
    place = ledger.page.table.button_place(0, "undo")
    qtbot.mouseClick(ledger.page.table.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert ledger.cells("verdict")[0] == "Undoing…"
    assert not ledger.page.pane.card.buttons["undo"].isEnabled()
    ledger.obey()
    assert ledger.cells("verdict")[0] == "Undone"
    assert ledger.page.table.button_place(0, "undo").isEmpty()
    assert "Undone by you" in ledger.page.pane.card._standing.text()


def test_an_undo_that_the_outside_refuses_is_told_and_can_be_tried_again(ledger):
    ledger.desk.decide(move(1), "it does better", "rule:weights")
    ledger.look()
    ledger.page.pane.card.undo()
    ledger.page.answered(ledger.said[0], "the file is locked")
    assert ledger.page.pane.fault.text() == "the file is locked"
    assert ledger.cells("verdict")[0] == "Done"
    ledger.page.pane.card.undo()
    assert len(ledger.said) == 2


def test_filters_process_and_words_narrow_together(qtbot, ledger):
    busy_morning(ledger.desk)
    ledger.look()
    assert ledger.page.kinds.chips["without"].text() == "Without me 4"
    qtbot.mouseClick(ledger.page.kinds.chips["waiting"], Qt.MouseButton.LeftButton)
    assert len(ledger.cells("what")) == 3
    qtbot.keyClicks(ledger.page.search, "paging")
    qtbot.waitUntil(lambda: len(ledger.cells("what")) == 1)
    qtbot.keyClick(ledger.page.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(ledger.cells("what")) == 3)
    box = ledger.page.processes
    box.setFocus()
    while box.chosen != "Devlog daemon":
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert ledger.cells("what") == ["Post on sandbox: “Why our bots ask before they act, in 400 words”"]


def test_the_detail_tells_what_was_changed_and_what_came_of_it(ledger):
    busy_morning(ledger.desk)
    ledger.look()
    edited = next(row for row in ledger.desk.value.rows if row.changes)
    ledger.page.select(edited.id)
    names = [exhibit.name for exhibit in ledger.page.pane.card.grounds._shown]
    assert names == ["Why", "Evidence", "Changed by you", "Outcome"]
    assert ledger.page.pane.card._standing.text().startswith("Done by you")


def test_the_past_is_read_from_the_journal_and_cannot_be_touched(qtbot, ledger):
    engine = ledger.desk.program.engine
    ledger.desk.decide(move(1), "it does better", "rule:weights")
    then = engine.clock.now()
    ledger.desk.later(60)
    ledger.desk.decide(move(2), "it does better", "rule:weights")
    ledger.look()
    assert len(ledger.cells("what")) == 2
    ledger.page.refresh(past_view(engine.projections, engine.files, then, [Decisions]))
    assert [what[:9] for what in ledger.cells("what")] == ["Moved 1 %"]
    assert ledger.page.table.button_place(0, "undo").isEmpty()
    ledger.page.pane.card.undo()
    assert ledger.said == []
    ledger.look()
    assert len(ledger.cells("what")) == 2


def test_what_waits_can_be_decided_here_too(qtbot, ledger):
    waits = ask_reply(ledger.desk, 1, "Thanks", "Nice")
    ledger.look()
    qtbot.keyClick(ledger.page.table, Qt.Key.Key_A)
    assert ledger.cells("verdict")[0] == "Approving…"
    ledger.obey()
    assert ledger.desk.value.by_id(waits).verdict is Verdict.DONE
    assert ledger.cells("verdict")[0] == "Done"


def test_an_unchanged_view_changes_nothing(ledger):
    ledger.desk.decide(move(1), "it does better", "rule:weights")
    ledger.look()
    told: list = []
    ledger.page.table.rows.dataChanged.connect(lambda *_: told.append("changed"))
    ledger.page.table.rows.layoutChanged.connect(lambda *_: told.append("moved"))
    for _ in range(3):
        ledger.look()
    assert told == []
