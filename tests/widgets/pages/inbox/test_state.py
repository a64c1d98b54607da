from tests.support.desk_work import Desk, ask_patch, ask_reply, find
from widgets.pages.inbox.state import inbox_state


def test_what_is_unknown_stands_above_what_waits_and_the_oldest_first(morning: Desk):
    state = inbox_state(morning.program.engine.view)
    assert [(matter.what.partition(":")[0], matter.since, matter.waits) for matter in state.matters] == [
        ("Reply to linus on sandbox", "8 min", False),
        ("Patch #42 · off-by-one in invoice paging", "5 min", True),
        ("Reply to barbara on sandbox", "2 min", True),
        ("Post on sandbox", "40 s", True),
    ]
    assert state.counts == {"waiting": 3, "look": 1, "later": 0}


def test_what_the_person_decided_is_told_newest_first_with_its_undo(morning: Desk):
    state = inbox_state(morning.program.engine.view)
    assert [(settled.text.partition(" on ")[0], settled.can_undo) for settled in state.settled] == [
        ("Undone · Reply to edsger", False),
        ("Rejected: not our tone · Reply to alan", True),
        ("Done · Reply to grace", True),
    ]


def test_filter_and_search_narrow_the_list_and_not_the_count(morning: Desk):
    view = morning.program.engine.view
    assert [matter.waits for matter in inbox_state(view, "look").matters] == [False]
    found = inbox_state(view, "waiting", "BILLING patch")
    assert [matter.by for matter in found.matters] == ["Patch watch · billing-api"]
    assert found.total == 4


def test_the_service_gives_the_colour_and_what_is_done_about_it_is_noted(desk: Desk):
    first = ask_reply(desk, 1, "Thanks", "Nice")
    ask_patch(desk)
    state = inbox_state(desk.program.engine.view, working={first: "Approving…"})
    assert [(matter.service, matter.note) for matter in state.matters] == [("engagement", "Approving…"), ("", "")]


def test_what_was_found_is_to_be_looked_at_and_stands_below_what_is_to_be_approved(desk: Desk):
    finding = find(desk)
    patch = ask_patch(desk)
    view = desk.program.engine.view
    state = inbox_state(view)
    assert [matter.id for matter in state.matters] == [patch, finding]
    assert state.counts == {"waiting": 1, "look": 1, "later": 0}
    assert [matter.id for matter in inbox_state(view, "look").matters] == [finding]
    assert [matter.id for matter in inbox_state(view, "waiting").matters] == [patch]


def test_a_finding_says_while_its_project_is_looked_at(desk: Desk):
    find(desk)
    view = desk.program.engine.view
    assert inbox_state(view, running=frozenset({"shop"})).matters[0].note == "looking again"
    assert inbox_state(view, running=frozenset({"another"})).matters[0].note == ""
