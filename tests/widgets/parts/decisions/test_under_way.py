from services.core.decisions.commands import ApproveDecision, UndoDecision
from services.orchestrator.commands import PauseProcess
from widgets.parts.decisions.under_way import UnderWay

APPROVE, UNDO = ApproveDecision("d1"), UndoDecision("d1")


def test_nothing_is_asked_for_twice_while_it_is_under_way():
    under_way = UnderWay()
    assert under_way.begin(APPROVE)
    assert not under_way.begin(APPROVE)
    assert under_way.notes == {"d1": "Approving…"}


def test_what_was_approved_is_noted_until_the_ledger_says_so():
    under_way = UnderWay()
    under_way.begin(APPROVE)
    under_way.forget_told(set())
    assert under_way.notes == {"d1": "Approving…"}, "no answer has come yet"
    under_way.answered(APPROVE, "")
    under_way.forget_told({"d1"})
    assert under_way.notes == {"d1": "Approved"}
    under_way.forget_told(set())
    assert under_way.notes == {}


def test_a_fault_is_kept_until_it_is_tried_again():
    under_way = UnderWay()
    under_way.begin(APPROVE)
    under_way.answered(APPROVE, "no handler")
    assert under_way.state() == ({}, {"d1": "no handler"})
    under_way.begin(APPROVE)
    assert under_way.faults == {}


def test_an_undo_is_never_said_to_be_done_by_anything_but_the_ledger():
    under_way = UnderWay()
    under_way.begin(UNDO)
    under_way.answered(UNDO, "")
    assert under_way.notes == {}


def test_commands_about_other_things_are_ignored():
    under_way = UnderWay()
    assert not under_way.begin(PauseProcess("bot"))
    under_way.answered(PauseProcess("bot"), "no such process")
    assert under_way.state() == ({}, {})
