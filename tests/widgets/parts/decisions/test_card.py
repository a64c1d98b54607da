"""The decision card shows why, and gives a person's word on as a command."""

from dataclasses import replace
from datetime import UTC, datetime

from PyQt6.QtCore import Qt

from services.core.decisions.commands import (
    ApproveDecision,
    EditDecision,
    RejectDecision,
    SettleUnknown,
    UndoDecision,
)
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow
from widgets.parts.decisions.card import DecisionCard
from widgets.parts.decisions.words import standing, who, why_line
from widgets.parts.evidence.value_rows import ValueRows

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REPLY = DecisionRow(
    "d1",
    NOW,
    "reply.send",
    "Reply to ada on sandbox: “Thanks”",
    "process:replies",
    "replies",
    {"consent": "answered us first", "sentiment": 0.61234},
    Verdict.WAITING,
    undoable=True,
    evidence={"draft": "Thanks", "parent": "<b>How</b> is the API paged? " * 4},
)


def card_of(qtbot, row: DecisionRow, **more) -> tuple[DecisionCard, list]:
    card = DecisionCard()
    qtbot.addWidget(card)
    said: list = []
    card.command.connect(said.append)
    card.show_decision(row, NOW, **more)
    card.show()
    return card, said


def test_an_untouched_draft_is_approved_and_a_changed_one_is_an_edit(qtbot):
    card, said = card_of(qtbot, REPLY)
    card.buttons["approve"].click()
    assert said == [ApproveDecision("d1")]
    assert card.buttons["approve"].state == "working"
    card.answered(said[0], "")
    assert card.buttons["approve"].state == "done"
    card.draft.setPlainText("Thank you, Ada")
    card.buttons["approve"].reset()
    card.approve()
    assert said[1] == EditDecision("d1", {"text": "Thank you, Ada"})


def test_what_went_wrong_is_told_at_the_button_and_can_be_tried_again(qtbot):
    card, said = card_of(qtbot, REPLY)
    card.reject("not our tone")
    card.answered(said[0], "the decision has expired")
    assert said == [RejectDecision("d1", "not our tone")]
    assert card.buttons["reject"].state == "failed"
    assert card.buttons["reject"].toolTip() == "the decision has expired"
    assert card.buttons["reject"].isEnabled()


def test_a_refresh_leaves_the_draft_that_is_being_changed(qtbot):
    card, _ = card_of(qtbot, REPLY)
    card.draft.setPlainText("half a")
    card.show_decision(replace(REPLY), NOW)
    assert card.draft.toPlainText() == "half a"


def test_what_was_done_can_be_undone_and_what_is_past_cannot_be_touched(qtbot):
    done = replace(REPLY, verdict=Verdict.DONE, changed_by="user", changed_at=NOW)
    card, said = card_of(qtbot, done)
    assert not card.buttons["approve"].isVisible()
    card.undo()
    assert said == [UndoDecision("d1")]
    card.answered(said[0], "")
    held, said = card_of(qtbot, done, undo_held="re-arm the rule first")
    held.undo()
    assert (said, held.buttons["undo"].toolTip()) == ([], "Not yet: re-arm the rule first")
    past, _ = card_of(qtbot, REPLY, can_act=False)
    assert not past.buttons["approve"].isEnabled()
    assert past.draft.isReadOnly()


def test_what_nobody_could_tell_is_settled_by_the_persons_word_and_how_they_know(qtbot):
    unknown = replace(REPLY, verdict=Verdict.UNKNOWN, why="the network did not answer")
    card, said = card_of(qtbot, unknown)
    assert [name for name, button in card.buttons.items() if button.isVisible()] == ["done", "not_done"]
    assert "may do it when its cause comes again" in card.buttons["not_done"].toolTip()
    card.buttons["not_done"].click()
    assert card.how_known.sure.text() == "It was not done"
    assert not card.how_known.sure.isEnabled(), "a reason is needed"
    qtbot.keyClicks(card.how_known.field, "looked at the post")
    qtbot.keyClick(card.how_known.field, Qt.Key.Key_Return)
    assert said == [SettleUnknown("d1", False, "looked at the post")]
    assert card.buttons["not_done"].state == "working"
    card.answered(said[0], "")
    assert card.buttons["not_done"].state == "done"
    told = card.grounds._shown[0].text
    assert "“It was done”: it then stands as done, and is not done again." in told


def test_an_undo_that_nobody_could_tell_about_has_answers_of_its_own(qtbot):
    card, said = card_of(qtbot, replace(REPLY, verdict=Verdict.DONE))
    card.show_decision(replace(REPLY, verdict=Verdict.UNDOING, why="undo: TimeoutError"), NOW)
    assert card._standing.text().startswith("Unknown: look whether it was taken back")
    assert card.buttons["done"].text() == "It still stands"
    card.buttons["done"].click()
    qtbot.keyClicks(card.how_known.field, "it is there")
    card.how_known.sure.click()
    assert said == [SettleUnknown("d1", True, "it is there")]
    under_way, _ = card_of(qtbot, replace(REPLY, verdict=Verdict.UNDOING))
    assert not under_way.buttons["not_done"].isVisible(), "it is being taken back just now"


def test_what_stands_under_why_is_not_repeated_as_evidence(qtbot):
    row = replace(REPLY, evidence={"draft": "Thanks", "sentiment": 0.61234, "consent": "asked"})
    card, _ = card_of(qtbot, row)
    told = [rows.spoken for rows in card.findChildren(ValueRows)]
    assert told == ["Why: Consent answered us first, Sentiment 0.6123", "Evidence: Consent asked"]


def test_why_is_told_in_names_and_values_and_never_read_as_markup(qtbot):
    card, _ = card_of(qtbot, REPLY)
    told = [rows.spoken for rows in card.findChildren(ValueRows)]
    assert "Why: Consent answered us first, Sentiment 0.6123" in told
    assert why_line(REPLY.because) == "consent answered us first · sentiment 0.6123"
    assert who("rule:patch floor") == "rule “patch floor”"
    assert standing(replace(REPLY, verdict=Verdict.REJECTED, changed_by="user", why="rude")) == (
        "Rejected by you: rude"
    )
