"""The ledger beyond what every view knows: older parts come from the store, now and as of a past moment."""

from typing import Any

import pytest

from services.core.decisions.commands import RejectDecision, UndoDecision
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import Decisions
from services.core.decisions.parts import names_of, part_of
from services.core.projections.views import past_view
from tests.support.desk_work import Desk, MoveWeight
from tests.support.watched import Watched
from tests.support.whole_window import settle
from widgets.pages.decisions import DecisionsPage
from widgets.pages.decisions import at_hand as reading

COUNT = 40
"""Decisions by a rule, before which the person had rejected something."""


class Store:
    """Answers the page as the window does, when the test says so."""

    def __init__(self, ledger: Watched) -> None:
        self.ledger = ledger
        self.asked: list[Any] = []
        ledger.page.part_wanted.connect(self.asked.append)

    def answer(self) -> None:
        while self.asked:
            ask = self.asked.pop(0)
            with self.ledger.desk.program.engine.store.reading.connect() as connection:
                part = part_of(connection, ask.wanted, ask.last, ask.before, ask.then)
                names = names_of(connection)
            self.ledger.page.show_part(ask, part, *names)
            settle()


@pytest.fixture
def ledger(qtbot: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr(Decisions, "KEPT", 10)
    monkeypatch.setattr(Decisions, "KEPT_OF_YOURS", 0)
    monkeypatch.setattr(reading, "AT_ONCE", 12)
    waits = desk.propose(MoveWeight("#a", "#b", 99), "bot", "", {})
    desk.tell(RejectDecision(waits, ""))
    rule_decides(desk, *range(1, COUNT + 1))
    watched = Watched(qtbot, DecisionsPage(), DecisionsPage.ACTIONS, desk)
    watched.page.resize(1100, 300)
    return watched


@pytest.fixture
def store(ledger: Watched) -> Store:
    made = Store(ledger)
    ledger.look()
    return made


def rule_decides(desk: Desk, *percents: int) -> None:
    for percent in percents:
        target = "#rare" if percent == 3 else "#b"
        desk.program.engine.acts.decide(MoveWeight("#a", target, percent), {}, "rule:weights")
        desk.later(0.1)


def note(ledger: Watched) -> str:
    return str(ledger.page._list._note.text())


def percents(ledger: Watched) -> list[int]:
    return [int(what.split()[1]) for what in ledger.cells("what")]


def to_the_end(ledger: Watched) -> None:
    bar = ledger.page.table.verticalScrollBar()
    bar.setValue(bar.maximum())


def test_the_list_says_which_part_it_shows_and_goes_on_where_it_is_scrolled_to(ledger: Watched, store: Store) -> None:
    known = len(ledger.cells("what"))
    assert known < 15
    assert "reading older ones" in note(ledger)
    store.answer()
    assert note(ledger) == f"the newest {known + 12} of {COUNT + 1}"
    to_the_end(ledger)
    store.answer()
    to_the_end(ledger)
    store.answer()
    assert note(ledger) == f"{COUNT + 1}"
    assert percents(ledger) == [*range(COUNT, 0, -1), 99]
    to_the_end(ledger)
    assert store.asked == []


def test_new_decisions_push_none_out_of_what_is_shown(ledger: Watched, store: Store) -> None:
    store.answer()
    shown = percents(ledger)
    for percent in range(41, 61):
        rule_decides(ledger.desk, percent)
        ledger.look()
    assert percents(ledger) == [*range(60, 40, -1), *shown]
    assert note(ledger) == f"the newest {20 + len(shown)} of {COUNT + 21}"


def test_what_came_and_went_while_nobody_looked_is_read_too(ledger: Watched, store: Store) -> None:
    store.answer()
    rule_decides(ledger.desk, *range(41, 81))
    ledger.look()
    assert note(ledger) == f"the newest {len(percents(ledger))} · reading older ones"
    store.answer()
    shown = percents(ledger)
    assert shown == [*range(80, 80 - len(shown), -1)]
    assert note(ledger) == f"the newest {len(shown)} of {COUNT + 41}"


def test_who_decided_is_found_however_far_back(ledger: Watched, store: Store) -> None:
    store.answer()
    assert 99 not in percents(ledger)
    ledger.page.who.choose("You")
    ledger.page.who.activated.emit(1)
    assert note(ledger) == f"0 of {COUNT + 1} · reading older ones"
    store.answer()
    assert (percents(ledger), note(ledger)) == ([99], f"1 of {COUNT + 1}")
    ledger.page.who.choose("Rules")
    ledger.page.acts.choose("test.move_weight")
    ledger.page.who.activated.emit(1)
    store.answer()
    assert note(ledger) == f"the newest {len(percents(ledger))} of {COUNT} that fit, {COUNT + 1} in all"


def test_words_are_looked_for_in_all_of_it(qtbot: Any, ledger: Watched, store: Store) -> None:
    store.answer()
    qtbot.keyClicks(ledger.page.search, "RARE moved")
    qtbot.waitUntil(lambda: store.answer() or percents(ledger) == [3])


def test_an_answer_to_an_earlier_question_changes_nothing(ledger: Watched, store: Store) -> None:
    late = store.asked.pop()
    ledger.page.who.choose("You")
    ledger.page.who.activated.emit(1)
    store.asked.append(late)
    store.answer()
    assert percents(ledger) == [99]


def test_an_older_one_that_is_undone_is_told_as_it_then_stands(ledger: Watched, store: Store) -> None:
    store.answer()
    place = percents(ledger).index(25)
    ledger.page.table.setCurrentIndex(ledger.page.table.rows.index(place, 0))
    ledger.page.pane.card.undo()
    assert isinstance(ledger.said[-1], UndoDecision)
    ledger.obey()
    store.answer()
    assert ledger.page.pane.row.verdict is Verdict.UNDONE
    assert ledger.cells("verdict")[percents(ledger).index(25)] == "Undone"


def test_a_past_moment_has_its_own_older_ones(ledger: Watched, store: Store) -> None:
    store.answer()
    engine = ledger.desk.program.engine
    moment = engine.clock.now()
    ledger.desk.later(60)
    rule_decides(ledger.desk, *range(41, 51))
    ledger.look()
    ledger.page.refresh(past_view(engine.projections, engine.files, moment, [Decisions]))
    for _ in range(4):
        store.answer()
        to_the_end(ledger)
    assert percents(ledger) == [*range(COUNT, 0, -1), 99]
    assert note(ledger) == f"{COUNT + 1}"
