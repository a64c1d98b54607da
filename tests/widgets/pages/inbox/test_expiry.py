"""What waits for a limited time counts down, wherever it is shown."""

from datetime import timedelta

import pytest

from services.core.decisions.events import DecisionTaken
from tests.support.desk_work import Desk, reply
from widgets.pages.inbox import InboxPage
from widgets.pages.inbox.state import inbox_state
from widgets.pages.overview.lists import NeedsCard
from widgets.states.overview import overview_state


@pytest.fixture
def limited(desk: Desk) -> str:
    """A reply that waits for three hours, and another one for good."""
    found = desk.propose(reply(1, "Thanks"), "build-in-public", "asked", {}, timedelta(hours=3))
    desk.propose(reply(2, "Welcome"), "build-in-public", "asked", {})
    desk.later(50 * 60)
    return found


def test_the_inbox_says_how_long_each_matter_still_waits(desk: Desk, limited: str):
    view = desk.program.engine.view
    assert [matter.left for matter in inbox_state(view).matters] == ["2 h 10 min", ""]
    desk.later(2 * 3600)
    assert inbox_state(desk.program.engine.view).matters[0].left == "10 min"


def test_the_decision_in_full_counts_down_and_says_the_moment_on_hover(qtbot, desk: Desk, limited: str):
    page = InboxPage()
    qtbot.addWidget(page)
    page.show()
    page.refresh(desk.program.engine.view)
    page.select(limited)
    assert page.pane.card._when.text().endswith("expires in 2 h 10 min")
    assert "; expires " in page.pane.card._when.toolTip()
    desk.later(3600)
    page.refresh(desk.program.engine.view)
    assert page.pane.card._when.text().endswith("expires in 70 min")


def test_what_needs_you_counts_down_in_place(qtbot, desk: Desk, limited: str):
    card = NeedsCard()
    qtbot.addWidget(card)
    card.show_state(overview_state(desk.program.engine.view), live=True)
    row = card.items.row(limited)
    assert row.accessibleName().count("expires in 2 h 10 min") == 1
    desk.later(60)
    card.show_state(overview_state(desk.program.engine.view), live=True)
    assert card.items.row(limited) is row, "a row that is made anew would lose the keyboard"
    assert "expires in 2 h 9 min" in row._detail.text()


def test_what_was_decided_counts_down_no_more(desk: Desk, limited: str):
    from services.core.decisions.commands import RejectDecision

    desk.tell(RejectDecision(limited, "not now"))
    needs = overview_state(desk.program.engine.view).needs
    assert [need.expiry for need in needs] == [""]


def test_a_journal_from_before_expiry_was_told_opens(desk: Desk, limited: str):
    told = next(event for event in desk.program.events(DecisionTaken) if event.id == limited)
    assert DecisionTaken.decode(told.encode()).expires == told.expires
    old = told.encode().decode().partition(',"expires":')[0] + "}"
    assert DecisionTaken.decode(old).expires is None
