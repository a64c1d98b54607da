import pytest

from services.core.decisions.inbox import Decisions
from services.core.decisions.wanted import Wanted
from services.core.projections.views import View
from tests.support.desk_work import Desk
from tests.support.pages import Moment
from widgets.pages.decisions import AtHand, decisions_state
from widgets.pages.decisions.state import DecisionsState


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
