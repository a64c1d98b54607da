from dataclasses import replace
from datetime import timedelta

import pytest

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.decisions.wanted import Wanted
from services.core.projections.views import View
from services.core.rules.events import RuleRead
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue, SubjectRow
from services.core.rules.states import AlertState
from tests.support.desk_work import Desk
from tests.support.manual_clock import START
from tests.support.pages import Moment
from widgets.pages.decisions import AtHand, decisions_state
from widgets.pages.decisions.columns import COLUMNS
from widgets.pages.decisions.state import DecisionsState, Written
from widgets.states.overview import overview_state

PAUSED = {"verb": "pause", "target": "mine"}


def shown(view: View, wanted: Wanted) -> DecisionsState:
    """What the page shows of a view that has all there is."""
    at_hand = AtHand()
    assert at_hand.see(view, wanted) is None
    return decisions_state(view, at_hand, wanted)


def whats(state) -> list[str]:
    return [row.what.partition(" on ")[0] for row in state.rows]


def test_the_newest_stands_first_with_who_and_where_it_stands(morning: Desk):
    rows = shown(morning.program.engine.view, Wanted()).rows
    assert [(row.by, row.verdict, row.status) for row in rows[2:8]] == [
        ("Patch watch · billing-api", "Waiting", "warn"),
        ("Replies · build-in-public", "Unknown", "bad"),
        ("Replies · build-in-public", "Undone", "idle"),
        ("Replies · build-in-public", "Rejected", "idle"),
        ("Replies · build-in-public", "Done", "ok"),
        ("rule “patch success floor”", "Done", "ok"),
    ]
    assert rows[-1].by == "the watchdog"
    assert not rows[-1].can_undo


def test_of_many_lines_only_those_are_written_anew_that_have_changed(morning: Desk):
    view, at_hand, written = morning.program.engine.view, AtHand(), Written()
    at_hand.see(view, Wanted())
    before = decisions_state(view, at_hand, Wanted(), {}, written).rows
    again = decisions_state(view, at_hand, Wanted(), {before[2].id: "Sending…"}, written).rows
    assert [new is old for new, old in zip(again, before, strict=True)] == [place != 2 for place in range(len(before))]
    assert (again[2].note, again[2].can_undo) == ("Sending…", False)


@pytest.mark.parametrize("other", [timedelta(days=1), None], ids=["another day", "the past"])
def test_all_are_written_anew_where_what_they_all_depend_on_has_changed(morning: Desk, other: timedelta | None):
    view, at_hand, written = morning.program.engine.view, AtHand(), Written()
    at_hand.see(view, Wanted())
    before = decisions_state(view, at_hand, Wanted(), {}, written).rows
    known = {each: view.value(each) for each in (Decisions, RuleStandings)}
    then = Moment(known, view.at + (other or timedelta()), live=other is not None)
    after = decisions_state(then, at_hand, Wanted(), {}, written).rows
    assert after == decisions_state(then, at_hand, Wanted()).rows
    assert after != before


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("without", ["Patch #41 · rolled back: success fell to 54 % of 13", "Post", "Moved 12 % of", "Restarted"]),
        ("waiting", ["Post", "Reply to barbara", "Patch #42 · off-by-one in invoice paging"]),
        ("unknown", ["Reply to linus"]),
        ("undone", ["Reply to edsger"]),
    ],
)
def test_each_filter_shows_its_own(morning: Desk, kind, found):
    state = shown(morning.program.engine.view, Wanted(stands=kind))
    assert [what.startswith(start) for what, start in zip(whats(state), found, strict=True)] == [True] * len(found)
    assert state.counts[kind] == len(found)


def test_words_are_looked_for_in_what_who_and_why(morning: Desk):
    view = morning.program.engine.view
    assert len(shown(view, Wanted(words=("thompson", "WEIGHTS"))).rows) == 1
    assert len(shown(view, Wanted(words=("not", "our", "tone"))).rows) == 1
    assert shown(view, Wanted(words=("nobody",))).rows == ()


def test_a_process_shows_what_it_asked_and_did(morning: Desk):
    state = shown(morning.program.engine.view, Wanted(process="Posts · build-in-public"))
    assert whats(state) == ["Post"]
    assert "Patch watch · billing-api" in state.processes
    assert state.total == 11


def test_a_past_view_reads_the_same_but_offers_no_undo(morning: Desk):
    now = morning.program.engine.view
    past = Moment({Decisions: morning.value}, now.at, live=False)
    live, old = shown(now, Wanted()), shown(past, Wanted())
    assert [row.what for row in live.rows] == [row.what for row in old.rows]
    assert [row.when for row in live.rows] == [row.when for row in old.rows]
    assert any(row.can_undo for row in live.rows)
    assert not any(row.can_undo for row in old.rows)


def test_a_pause_that_a_latched_rule_holds_offers_no_undo_and_says_what_comes_first():
    paused = DecisionRow(
        "a", START, "rule.apply", "Pause mine", "rule:stop", "", "it fell", Verdict.DONE, True, {}, outcome=PAUSED
    )
    read = RuleRead("stop", "trading.drawdown", "trader", "above 0.2", ["pause each"], "stop.yaml", latched=True)
    fired = SubjectRow("stop", "mine", AlertState.FIRING, START, latched=True, actions=("pause mine", "alert"))
    known = DecisionsValue((paused,))
    held, free = (
        Moment({Decisions: known, RuleStandings: RulesValue((RuleRow(read, (subject,)),))})
        for subject in (fired, replace(fired, state=AlertState.NORMAL, latched=False))
    )
    (row,) = shown(held, Wanted()).rows
    assert not row.can_undo
    assert "re-arm the rule first: on the Rules page, or by dreamscape rearm stop mine" in row.undo_held
    (action,) = next(column for column in COLUMNS if column.id == "undo").cell(row).actions
    assert (action.grey, action.tip) == (True, f"Not yet: {row.undo_held}")
    (row,) = shown(free, Wanted()).rows
    assert (row.can_undo, row.undo_held) == (True, "")
    (deed,), (freed,) = (overview_state(view).deeds for view in (held, free))
    assert ("re-arm the rule first" in deed.undo_held, freed.undo_held) == (True, "")
