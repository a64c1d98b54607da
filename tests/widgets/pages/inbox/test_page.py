import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from services.core.decisions.commands import (
    ApproveDecision,
    EditDecision,
    LookNow,
    RejectDecision,
    SettleUnknown,
    SnoozeDecision,
    UndoDecision,
    WakeDecision,
)
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import Decisions
from services.core.decisions.moments import moments
from services.core.durations import hours
from tests.support.desk_work import ask_patch, ask_reply, find, reply
from tests.support.pages import Moment
from tests.support.watched import Watched
from widgets.pages.inbox import InboxPage
from widgets.parts.text.times import clock_time

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def inbox(qtbot, desk) -> Watched:
    return Watched(qtbot, InboxPage(), InboxPage.ACTIONS, desk)


def whats(inbox: Watched) -> list[str]:
    return [what.partition(":")[0] for what in inbox.cells("what")]


def test_qt_finds_no_fault_with_the_list(qtmodeltester, inbox):
    ask_patch(inbox.desk)
    inbox.look()
    qtmodeltester.check(inbox.page.table.rows)


def test_an_empty_inbox_says_what_will_be_here_and_how_to_start_it(qtbot, inbox):
    inbox.look()
    face = inbox.page._faces.currentWidget()
    assert face.accessibleName().startswith("Nothing waits for you. Replies, posts, patches")
    with qtbot.waitSignal(inbox.page.go_to) as asked:
        inbox.page._faces.chosen.emit("processes")
    assert asked.args == ["processes", ""]
    ask_patch(inbox.desk)
    inbox.look()
    assert whats(inbox) == ["Patch #42 · off-by-one in invoice paging"]
    assert inbox.page.table.isVisible()


def test_a_approves_and_the_next_is_selected_at_once(qtbot, inbox):
    first = ask_reply(inbox.desk, 1, "Thanks", "Nice")
    second = ask_reply(inbox.desk, 2, "Welcome", "Thank you")
    inbox.look()
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_A)
    assert inbox.said == [ApproveDecision(first)]
    assert inbox.selected == second
    assert inbox.page.table.rows.index(0, 2).data() == "Approving…"
    inbox.obey()
    assert whats(inbox) == ["Reply to ada on sandbox"]
    assert inbox.selected == second
    assert inbox.desk.value.by_id(first).verdict is Verdict.DONE


def test_what_is_under_way_cannot_be_asked_for_again(qtbot, inbox):
    only = ask_patch(inbox.desk)
    inbox.look()
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_A)
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_A)
    assert inbox.said == [ApproveDecision(only)]
    button = inbox.page.pane.card.buttons["approve"]
    assert button.state == "working"
    inbox.page.answered(inbox.said[0], "")
    assert button.state == "done"


def test_r_asks_why_and_enter_rejects_with_the_reason(qtbot, inbox):
    only = ask_reply(inbox.desk, 1, "You are wrong", "Hm", sentiment=-0.4)
    inbox.look()
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_R)
    field = inbox.page.pane.card.why.field
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "not our tone, a real reason")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert inbox.said == [RejectDecision(only, "not our tone, a real reason")]
    inbox.obey()
    assert whats(inbox) == []
    assert inbox.desk.value.by_id(only).why == "not our tone, a real reason"


def test_escape_leaves_it_waiting(qtbot, inbox):
    ask_patch(inbox.desk)
    inbox.look()
    qtbot.mouseClick(inbox.page.pane.card.buttons["reject"], Qt.MouseButton.LeftButton)
    field = inbox.page.pane.card.why.field
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert inbox.said == []


def test_e_edits_the_draft_in_place_and_ctrl_enter_sends_the_new_words(qtbot, inbox):
    only = ask_reply(inbox.desk, 1, "Thanks", "Nice")
    inbox.look()
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_E)
    draft = inbox.page.pane.card.draft
    qtbot.waitUntil(draft.hasFocus)
    qtbot.keyClicks(draft, "A real thank you, Ada")
    assert inbox.page.pane.card.buttons["approve"].text() == "Send changed"
    qtbot.keyClick(draft, Qt.Key.Key_Return, CTRL)
    assert inbox.said == [EditDecision(only, {"text": "A real thank you, Ada"})]
    inbox.obey()
    assert (inbox.desk.files.folder / _name(reply(1, "A real thank you, Ada"))).exists()
    row = inbox.desk.value.by_id(only)
    assert row.what == "Reply to ada on sandbox: “A real thank you, Ada”"
    assert row.changes == {"text": "A real thank you, Ada"}


@pytest.mark.parametrize(
    ("words", "why"), [("x" * 301, "it has 301 characters, and 300 are allowed"), (" ", "there is no text, and 1 to")]
)
def test_words_that_would_be_refused_stay_in_the_draft_with_what_is_wrong(qtbot, inbox, words, why):
    only = ask_reply(inbox.desk, 1, "Thanks", "Nice")
    ask_reply(inbox.desk, 2, "Welcome", "Thank you")
    inbox.look()
    inbox.page.select(only)
    card = inbox.page.pane.card
    assert card._draft_title.text() == "DRAFT · 6 OF 300 CHARACTERS"
    card.draft.setPlainText(words)
    qtbot.keyClick(card.draft, Qt.Key.Key_Return, CTRL)
    assert inbox.said == []
    assert why in card.refusal.text()
    assert card.refusal.isVisible()
    assert (inbox.selected, card.draft.toPlainText()) == (only, words)
    card.draft.setPlainText("x" * 300)
    assert not card.refusal.isVisible()
    qtbot.keyClick(card.draft, Qt.Key.Key_Return, CTRL)
    assert inbox.said == [EditDecision(only, {"text": "x" * 300})]


def _name(effect) -> str:
    return f"{effect.key.replace('/', '-')}.json"


def test_escape_in_the_draft_takes_back_what_was_changed(qtbot, inbox):
    ask_reply(inbox.desk, 1, "Thanks", "Nice")
    inbox.look()
    draft = inbox.page.pane.card.draft
    draft.setFocus()
    qtbot.keyClicks(draft, "No ")
    qtbot.keyClick(draft, Qt.Key.Key_Escape)
    assert draft.toPlainText() == "Thanks"
    inbox.page.pane.card.approve()
    assert isinstance(inbox.said[0], ApproveDecision)


def test_a_refresh_keeps_the_selection_and_the_words_that_are_being_typed(inbox):
    ask_reply(inbox.desk, 1, "Thanks", "Nice")
    second = ask_reply(inbox.desk, 2, "Welcome", "Thank you")
    inbox.look()
    inbox.page.select(second)
    inbox.page.pane.card.draft.setPlainText("Half a")
    ask_patch(inbox.desk)
    inbox.look()
    assert inbox.selected == second
    assert inbox.page.pane.card.draft.toPlainText() == "Half a"


def test_what_went_wrong_stands_with_the_matter_it_belongs_to(inbox):
    first = ask_reply(inbox.desk, 1, "Thanks", "Nice")
    ask_reply(inbox.desk, 2, "Welcome", "Thank you")
    inbox.look()
    inbox.page.pane.card.approve()
    inbox.page.answered(inbox.said[0], "the network is not reachable")
    assert not inbox.page.pane.fault.isVisible(), "another one is shown"
    inbox.page.select(first)
    assert inbox.page.pane.fault.text() == "the network is not reachable"
    assert inbox.page.pane.card.buttons["approve"].isEnabled()


def test_what_nobody_could_tell_says_what_to_do_and_is_settled_by_the_person(qtbot, inbox):
    inbox.desk.files.silent.add(reply(1, "On it").key)
    only = ask_reply(inbox.desk, 1, "On it", "The docs miss a page")
    inbox.look()
    inbox.page.pane.card.approve()
    inbox.obey()
    assert inbox.selected == only
    card = inbox.page.pane.card
    assert not card.buttons["approve"].isVisible()
    assert "TimeoutError: the network did not answer" in card._standing.text()
    assert "Look where it would show" in card.grounds._shown[0].text
    card.buttons["done"].click()
    qtbot.keyClicks(card.how_known.field, "it is on the page")
    card.how_known.sure.click()
    assert inbox.said[-1] == SettleUnknown(only, True, "it is on the page")
    inbox.obey()
    assert inbox.desk.value.rows[0].verdict is Verdict.DONE
    assert inbox.cells("what") == []


def test_what_the_person_decided_can_be_taken_back_with_its_button(qtbot, inbox):
    first = ask_reply(inbox.desk, 1, "Thanks", "Nice")
    second = ask_reply(inbox.desk, 2, "Welcome", "Thank you")
    for identity in (first, second):
        inbox.desk.later(5)
        inbox.desk.tell(ApproveDecision(identity))
    inbox.look()
    qtbot.mouseClick(inbox.page.settled.row(second).buttons["undo"], Qt.MouseButton.LeftButton)
    assert inbox.said == [UndoDecision(second)]
    inbox.obey()
    qtbot.mouseClick(inbox.page.settled.row(first).buttons["undo"], Qt.MouseButton.LeftButton)
    assert inbox.said[-1] == UndoDecision(first)
    inbox.obey()
    assert not list(inbox.desk.files.folder.iterdir())


def test_over_a_past_view_nothing_can_be_done_and_the_buttons_say_why(qtbot, inbox):
    ask_reply(inbox.desk, 1, "Thanks", "Nice")
    past = Moment({Decisions: inbox.desk.value}, inbox.desk.program.clock.now(), live=False)
    inbox.page.refresh(past)
    card = inbox.page.pane.card
    assert not card.buttons["approve"].isEnabled()
    assert card.buttons["approve"].toolTip() == "You are looking at a past moment"
    assert card.draft.isReadOnly()
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_A)
    assert inbox.said == []
    inbox.look()
    assert card.buttons["approve"].isEnabled()
    assert card.buttons["approve"].toolTip() == "Carry it out (A)"


def test_the_filter_gives_way_when_something_hidden_is_selected(qtbot, inbox):
    patch = ask_patch(inbox.desk)
    inbox.look()
    qtbot.mouseClick(inbox.page.kinds.chips["look"], Qt.MouseButton.LeftButton)
    assert whats(inbox) == []
    inbox.page.select(patch)
    assert inbox.selected == patch


def test_the_id_is_copied_and_the_process_opened(qtbot, inbox):
    patch = ask_patch(inbox.desk)
    inbox.look()
    qtbot.mouseClick(inbox.page.pane._copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == patch
    with qtbot.waitSignal(inbox.page.go_to) as asked:
        qtbot.mouseClick(inbox.page.pane._open, Qt.MouseButton.LeftButton)
    assert asked.args == ["processes", "Patch watch · billing-api"]


def test_s_asks_until_when_and_enter_takes_an_hour(qtbot, inbox):
    first = ask_reply(inbox.desk, 1, "Thanks", "Nice")
    second = ask_reply(inbox.desk, 2, "Welcome", "Thank you")
    inbox.look()
    now = inbox.desk.program.engine.view.at
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_S)
    menu = inbox.page.pane.card.later
    assert [action.text() for action in menu.actions()] == [
        f"{moment.label}\t{clock_time(moment.at, now)}" for moment in moments(now)
    ]
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert inbox.said == [SnoozeDecision(first, now + hours(1))]
    assert inbox.selected == second
    inbox.obey()
    assert whats(inbox) == ["Reply to ada on sandbox"]
    inbox.page.kinds.chips["later"].click()
    assert inbox.page.table.current_key == first
    assert inbox.page.table.rows.rowCount() == 1
    assert inbox.page.table.rows.index(0, 2).data() == f"until {clock_time(now + hours(1), now)}"
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_A)
    assert inbox.said[-1] == ApproveDecision(first)


def test_enter_in_the_search_goes_to_the_first_hit(qtbot, inbox):
    ask_reply(inbox.desk, 1, "Thanks", "Nice")
    patch = ask_patch(inbox.desk)
    inbox.look()
    inbox.page.obey("inbox.search")
    qtbot.keyClicks(inbox.page.search, "billing")
    qtbot.keyClick(inbox.page.search, Qt.Key.Key_Return)
    assert inbox.page.table.hasFocus()
    assert (whats(inbox), inbox.selected) == (["Patch #42 · off-by-one in invoice paging"], patch)
    inbox.page.obey("inbox.search")
    qtbot.keyClicks(inbox.page.search, " nothing like it")
    qtbot.keyClick(inbox.page.search, Qt.Key.Key_Return)
    assert inbox.page.search.hasFocus(), "where nothing is found the words are to be changed"


def test_w_wakes_what_was_put_off(qtbot, inbox):
    only = ask_patch(inbox.desk)
    inbox.look()
    assert not inbox.page.pane.card.buttons["wake"].isVisible()
    put_off(qtbot, inbox)
    inbox.page.kinds.chips["later"].click()
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_W)
    assert inbox.said[-1] == WakeDecision(only)
    inbox.obey()
    assert whats(inbox) == []
    inbox.page.kinds.chips["all"].click()
    assert whats(inbox) == ["Patch #42 · off-by-one in invoice paging"]


def test_what_would_be_back_after_it_expires_is_grey_and_says_so(qtbot, inbox):
    inbox.desk.propose(reply(1, "Thanks"), "mentions", "", {}, waits=hours(0.5))
    inbox.look()
    inbox.page.obey("inbox.snooze")
    menu = inbox.page.pane.card.later
    assert not any(action.isEnabled() for action in menu.actions())
    assert "before it would be back" in menu.actions()[0].toolTip()
    menu.close()


def test_a_finding_is_looked_at_again_with_the_word_of_the_decision(qtbot, inbox):
    finding = find(inbox.desk)
    inbox.look()
    buttons = inbox.page.pane.card.buttons
    assert buttons["look"].text() == "Look again"
    assert not buttons["approve"].isVisible()
    qtbot.keyClick(inbox.page.table, Qt.Key.Key_A)
    assert inbox.said == [LookNow(finding)]
    inbox.page.answered(inbox.said[0], "")
    inbox.look()
    assert whats(inbox) == ["shop"], "it goes when it is found to be gone, and not before"


def put_off(qtbot, inbox: Watched) -> None:
    """Put off what is selected, for the first of the times that are offered."""
    inbox.page.obey("inbox.snooze")
    qtbot.keyClick(inbox.page.pane.card.later, Qt.Key.Key_Return)
    inbox.obey()


def test_an_inbox_in_which_all_is_put_off_is_empty_and_still_shows_it_when_asked(qtbot, inbox):
    ask_patch(inbox.desk)
    inbox.look()
    put_off(qtbot, inbox)
    assert inbox.page._faces.currentWidget().accessibleName().startswith("Nothing waits for you")
    inbox.page.kinds.chips["later"].click()
    assert whats(inbox) == ["Patch #42 · off-by-one in invoice paging"]
    assert inbox.page.pane.isVisible()
