"""The ledger read part by part: what the store has and what is known already answer the same question alike."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from services.core.decisions.commands import RejectDecision, UndoDecision
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions
from services.core.decisions.ledger import NoSuchDecision
from services.core.decisions.parts import names_of, part_of
from services.core.decisions.wanted import DECIDERS, STANDS, Part, Then, Wanted, fits, is_kind
from services.core.decisions.yours import last_undoable, your_last
from tests.support.desk_work import Desk, MoveWeight, busy_morning, desk_in


@pytest.fixture
def desk(tmp_path: Path):
    made = desk_in(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory):
    """One that is only read."""
    made = busy_morning(desk_in(tmp_path_factory.mktemp("morning")))
    yield made
    made.close()


ALL = Wanted()


def read(desk: Desk, wanted: Wanted = ALL, last: int = 100, before: str = "", then: Then | None = None) -> Part:
    with desk.program.engine.store.reading.connect() as connection:
        return part_of(connection, wanted, last, before, then)


def moved(desk: Desk, *percents: int, by: str = "rule:weights") -> None:
    for percent in percents:
        desk.program.engine.acts.decide(MoveWeight("#a", "#b", percent), {"score": 0.5}, by)
    desk.later(1)


def whats(part: Part) -> list[str]:
    return [row.what[:10].strip() for row in part.rows]


def test_parts_follow_each_other_from_the_newest_on_and_say_how_many_are_left(desk: Desk) -> None:
    moved(desk, *range(1, 8))
    first = read(desk, last=3)
    assert (whats(first), first.matching, first.older, first.total) == (
        ["Moved 7 %", "Moved 6 %", "Moved 5 %"],
        7,
        4,
        7,
    )
    second = read(desk, last=3, before=first.rows[-1].id[:8])
    assert (whats(second), second.older) == (["Moved 4 %", "Moved 3 %", "Moved 2 %"], 1)
    last = read(desk, last=3, before=second.rows[-1].id)
    assert (whats(last), last.older) == (["Moved 1 %"], 0)
    with pytest.raises(NoSuchDecision):
        read(desk, before="zzz")


WANTED = (
    Wanted(),
    *(Wanted(by=by) for by in DECIDERS),
    *(Wanted(stands=stands) for stands in STANDS),
    Wanted(kind="reply"),
    Wanted(kind="reply.send"),
    Wanted(kind="repl"),
    Wanted(kind="move_weight"),
    Wanted(kind="reply, process.restart"),
    Wanted(kind=","),
    Wanted(kind="order"),
    Wanted(process="Replies · build-in-public"),
    Wanted(words=("THOMPSON", "weights")),
    Wanted(words=("not our tone",)),
    Wanted(by="you", kind="reply", stands="undone"),
)


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_what_fits_is_the_same_in_the_store_and_in_what_is_known(morning: Desk, wanted: Wanted) -> None:
    known = morning.value.rows
    part = read(morning, wanted)
    fitting = [row for row in known if fits(row, wanted)]
    assert [row.id for row in part.rows] == [row.id for row in fitting]
    assert [replace(row, snoozed_until=None) for row in fitting] == list(part.rows), "and each row says the same"
    assert (part.matching, part.total) == (len(fitting), len(known))


@pytest.mark.parametrize("kind", ["order.place", "position.enter", "position.leave"])
def test_one_word_finds_the_orders_on_paper_and_at_the_exchange(kind: str) -> None:
    assert is_kind(kind, "order")
    assert is_kind(kind, "reply, order")
    assert not is_kind(kind, "reply")


def test_the_names_of_kinds_and_processes_can_be_asked(morning: Desk) -> None:
    with morning.program.engine.store.reading.connect() as connection:
        kinds, processes = names_of(connection)
    assert {"reply.send", "process.restart"} <= set(kinds)
    assert "Replies · build-in-public" in processes
    assert "" not in processes


def then_of(desk: Desk, moment: datetime) -> Then:
    projections = desk.program.engine.projections
    rows = projections.all_at_seq([Decisions], projections.journal.seq_at(moment))[0].value().rows
    return Then(moment, {row.id: row for row in rows})


def test_a_past_moment_has_each_decision_as_it_was_then(desk: Desk) -> None:
    moved(desk, 1, 2)
    waits = desk.propose(MoveWeight("#a", "#b", 3), "bot", "", {})
    desk.later(5)
    moment = desk.program.clock.now()
    desk.later(5)
    moved(desk, 4)
    newest = desk.value.rows
    desk.tell(RejectDecision(waits, ""))
    desk.tell(UndoDecision(next(row.id for row in newest if row.what.startswith("Moved 1 %"))))
    then = then_of(desk, moment)
    part = read(desk, then=then)
    assert [(row.what[:9], row.verdict) for row in part.rows] == [
        ("Moved 3 %", Verdict.WAITING),
        ("Moved 2 %", Verdict.DONE),
        ("Moved 1 %", Verdict.DONE),
    ]
    assert (part.matching, part.total, part.older) == (3, 3, 0)
    assert read(desk, Wanted(stands="undone"), then=then).matching == 0
    assert read(desk, Wanted(by="you"), then=then).matching == 0
    behind = read(desk, last=1, before=waits, then=then)
    assert (whats(behind), behind.older) == (["Moved 2 %"], 1)
    without = read(desk, then=Then(moment))
    assert [row.verdict for row in without.rows][-1] is Verdict.DONE, "nobody knew it any more, and yet it was done"


def test_ones_own_decisions_stay_known_behind_many_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Decisions, "KEPT", 10)
    identity = desk.propose(MoveWeight("#a", "#b", 99), "bot", "", {})
    desk.tell(RejectDecision(identity, ""))
    moved(desk, *range(1, 31))
    value = desk.value
    assert len(value.rows) < 15
    assert value.rows[-1].id == identity
    last = your_last(value.rows)
    assert last is not None
    assert last.id == identity
    assert last_undoable(value.rows, of_yours=True) == last
    known = {row.id for row in value.rows}
    older = read(desk, before=value.complete_from)
    assert len(known | {row.id for row in older.rows}) == 31, "together they are all there are"


def test_what_is_known_tells_from_which_decision_on_none_is_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Decisions, "KEPT", 10)
    moved(desk, 1)
    assert desk.value.complete_from == ""
    for percent in range(2, 31):
        moved(desk, percent)
    rows: tuple[DecisionRow, ...] = desk.value.rows
    assert desk.value.complete_from == rows[-1].id
    assert read(desk, before=rows[-1].id).matching == 30
