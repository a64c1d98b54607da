"""The ledger over the years: what is cleared of it, what never is, and that nothing is done twice for it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, insert, select, update

from services.core.decisions import condensing, ledger
from services.core.decisions.condensing import IN_SHORT, Removed
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.inbox import Decisions
from services.core.decisions.ledger import Origin
from services.core.effects import Standing
from services.core.events import Event
from services.core.events.micros import to_micros
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.core.projections import retention
from services.core.store.schema import decisions, processes
from services.orchestrator.events import Alert
from services.orchestrator.history.projections import Processes
from services.orchestrator.housekeeping import Retention
from services.orchestrator.housekeeping.events import RetentionDone
from services.trading.fills import Fill, Side, Terms
from services.trading.paper import broker as paper_broker
from services.trading.paper.broker import PaperBroker
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.over import ReplaysOver
from services.trading.paper.placing import PlaceOnPaper
from tests.support.manual_clock import ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program

DAY = timedelta(days=1)
TERMS = Terms(capital=100.0, fee_rate=0.01, slippage=0.5, step=0.1, min_notional=1.0)
ORDERS = 4


class Padded(Event, name="test.padded_ledger"):
    """An event of some size."""

    number: int
    text: str


class Replays(Process):
    """Places a few orders in each of some sessions, and stands in the next one with one order when it ends."""

    isolation = Isolation.THREAD
    sessions: int = 3

    def run(self, context: Context) -> None:
        for session in range(1, self.sessions + 1):
            for number in range(ORDERS):
                context.act(order(session, number, context.name, context.clock.now()), "macd over its signal")
            context.checkpoint({"session": session + 1})
        context.act(order(self.sessions + 1, 0, context.name, context.clock.now()), "macd over its signal")


def order(session: int, number: int, process: str, candle: Any) -> PlaceOrder:
    side = Side.SELL if number % 2 else Side.BUY
    candle += timedelta(minutes=number)
    return PlaceOrder(process, "v1", session, "ETH/BTC", "generated", side, 2.0, candle, 9.5, TERMS)


@pytest.fixture
def kept(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    """A program with a paper account and a file to write to as its outsides."""
    handlers: dict[Any, Any] = {PlaceOrder: PlaceOnPaper(tmp_path / "paper.db"), WriteLine: LineWriter()}
    program = Program(tmp_path, clock, handlers).open([Processes(), Decisions()])
    yield program
    program.close()


@pytest.fixture
def broker(tmp_path: Path) -> PaperBroker:
    return PaperBroker(tmp_path / "paper.db")


def clear(program: Program, **limits: Any) -> RetentionDone:
    """Let retention run to its end."""
    book = program.folder / "paper.db"
    values = {"endings": ReplaysOver(PaperBroker(book)), "books": {"the paper account": book}} | limits
    process = Retention(program.engine.projections, program.engine.files, **values)
    name = f"retention-{len(program.plans)}"
    program.start(process, name)
    program.advance(5)
    told: RetentionDone = program.events(RetentionDone)[-1]
    return told


def pass_days(program: Program, duration: timedelta) -> None:
    """The wall clock goes on as over a machine that sleeps."""
    assert isinstance(program.clock, ManualClock)
    program.clock.step_wall(duration - timedelta(seconds=2))
    program.advance(2)


def many_newer(program: Program, size: int = 10) -> None:
    """So many newer decisions that none of those before is among the newest."""
    program.advance(1)
    now = to_micros(program.clock.now())
    row = {
        "kind": "process.restart",
        "version": 1,
        "effect": "{}",
        "what": "Restarted",
        "by": "watchdog",
        "process": "p",
    }
    row |= {"epoch": 0, "because": msgspec.json.encode("x" * size).decode(), "evidence": "{}", "verdict": "done"}
    row |= {"undoable": 0, "outcome": "{}", "why": "", "settled_at": now}
    newer = [row | {"id": f"n{n:011}", "at": now + n, "key": f"restart:p:{n}"} for n in range(condensing.NEWEST + 1)]
    program.wait(program.engine.journal.write(lambda tx: tx.connection.execute(insert(decisions), newer)))


def keys(program: Program) -> set[str]:
    """The keys of the orders that the ledger has."""
    with program.engine.store.reading.connect() as connection:
        found = connection.execute(select(decisions.c.key).where(decisions.c.kind == PlaceOrder.type_name))
        return set(found.scalars())


def sessions(program: Program) -> set[str]:
    return {key.split("/")[2] for key in keys(program)}


def test_orders_of_replays_that_are_over_go_after_their_days_here_and_at_the_broker(
    kept: Program, broker: PaperBroker
) -> None:
    kept.start(Replays())
    many_newer(kept)
    assert clear(kept).decisions == 0, "they are of today"
    pass_days(kept, 4 * DAY)
    told = clear(kept)
    assert (told.decisions, sessions(kept)) == (3 * ORDERS, {"4"})
    assert broker.received() == 1
    with kept.engine.store.reading.connect() as connection:
        gone = condensing.removed(connection)
    assert isinstance(gone, Removed)
    assert gone.count == 3 * ORDERS


def test_while_the_broker_cannot_close_an_account_its_orders_stay_and_the_rest_is_cleared(
    kept: Program, broker: PaperBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.start(Replays())
    many_newer(kept)
    pass_days(kept, 4 * DAY)
    monkeypatch.setattr(paper_broker, "WAIT", 0.01)
    with closing(sqlite3.connect(broker.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = clear(kept)
    assert (told.decisions, sessions(kept)) == (0, {"1", "2", "3", "4"})
    assert broker.received() == 3 * ORDERS + 1
    assert clear(kept).decisions == 3 * ORDERS, "the next time"


def test_books_lost_after_that_are_rebuilt_from_what_the_ledger_still_has(kept: Program, broker: PaperBroker) -> None:
    kept.start(Replays())
    many_newer(kept)
    pass_days(kept, 4 * DAY)
    clear(kept)
    before = broker.fills()
    with kept.engine.store.reading.connect() as connection:
        done = ledger.done(connection, (PlaceOrder.type_name,))[::-1]
    again = PaperBroker(kept.folder / "again.db")
    again.rebuild((entry.effect(), msgspec.convert(entry.decision.outcome, Fill)) for entry in done)  # type: ignore[misc]
    assert again.fills() == before != []


def test_a_session_stays_whole_while_any_of_it_is_unknown_or_was_settled_by_a_person(kept: Program) -> None:
    kept.start(Replays())
    many_newer(kept)

    for session, change in (("1", {"verdict": "unknown"}), ("2", {"changed_by": "user"})):
        first = min(key for key in keys(kept) if key.startswith(f"bot/v1/{session}/"))
        moved_on = update(decisions).where(decisions.c.key == first).values(change)
        kept.wait(kept.engine.journal.write(lambda tx, moved_on=moved_on: tx.connection.execute(moved_on)))
    pass_days(kept, 4 * DAY)
    assert clear(kept, cap_mb=0).decisions == ORDERS
    assert sessions(kept) == {"1", "2", "4"}


def test_of_a_process_that_is_gone_nothing_goes_since_its_name_may_count_from_one_again(kept: Program) -> None:
    kept.start(Replays())
    many_newer(kept)
    kept.wait(kept.engine.journal.write(lambda tx: tx.connection.execute(delete(processes))))
    pass_days(kept, 4 * DAY)
    assert clear(kept, cap_mb=0).decisions == 0


def test_an_order_of_the_session_under_way_is_never_placed_again(kept: Program, broker: PaperBroker) -> None:
    begun = kept.clock.now()
    kept.start(Replays())
    many_newer(kept)
    pass_days(kept, 4 * DAY)
    clear(kept, cap_mb=0)
    again = kept.engine.acts.decide(order(4, 0, "bot", begun), "because", "rule:test")
    assert (again.standing, broker.received()) == (Standing.DONE, 1)


def test_the_newest_decisions_stay_however_pressed_for_room(kept: Program) -> None:
    kept.start(Replays())
    pass_days(kept, 4 * DAY)
    assert clear(kept, cap_mb=0).decisions == 0
    assert sessions(kept) == {"1", "2", "3", "4"}


def test_old_decisions_lose_their_reasons_and_their_cause_still_finds_them_done(kept: Program, tmp_path: Path) -> None:
    out, acts = tmp_path / "out.txt", kept.engine.acts
    acts.decide(WriteLine(str(out), "once"), {"histogram": 0.3}, "rule:test")
    acts.decide(WriteLine(str(out), "mine"), "because I say so", "user")
    waits = acts.propose(Origin("rule:test"), Proposal(WriteLine(str(out), "waits"), "you decide", evidence={"a": 1}))
    declined = acts.propose(Origin("rule:test"), Proposal(WriteLine(str(out), "no"), "you decided"))
    acts.approvals.reject(declined)
    pass_days(kept, 401 * DAY)
    assert clear(kept).condensed == 1
    with kept.engine.store.reading.connect() as connection:
        told = {row.what: row for row in connection.execute(select(decisions))}
    assert msgspec.json.decode(told["Write 'once'"].because) == IN_SHORT
    assert msgspec.json.decode(told["Write 'mine'"].because) == "because I say so"
    assert {told[f"Write '{line}'"].because for line in ("waits", "no")} == {'"you decide"', '"you decided"'}
    assert ledger_says(kept, waits) is Verdict.WAITING
    assert acts.decide(WriteLine(str(out), "once"), "again", "rule:test").done
    assert out.read_text() == "once\nmine\n"
    assert clear(kept).condensed == 0, "once is enough"
    assert acts.undo(told["Write 'once'"].id).done
    assert out.read_text() == "mine\n", "it can be taken back as before"


def ledger_says(program: Program, identity: str) -> Verdict:
    with program.engine.store.reading.connect() as connection:
        return ledger.find(connection, identity).decision.verdict


def test_what_decisions_lose_is_given_back_to_the_disk(kept: Program) -> None:
    many_newer(kept, size=2_000)
    before = retention.held(kept.engine.store)
    pass_days(kept, 401 * DAY)
    assert clear(kept).condensed == condensing.NEWEST + 1
    assert retention.held(kept.engine.store) < before / 2


def test_where_the_ledger_is_too_much_the_events_stay_and_the_alert_says_what_takes_the_room(kept: Program) -> None:
    kept.engine.journal.append(*(Padded(number, "x" * 400) for number in range(200)))
    kept.advance(1)
    pass_days(kept, 2 * DAY)
    kept.engine.journal.append(Padded(0, "another day, so that there is an anchor"))
    kept.advance(1)
    many_newer(kept, size=2_500)
    assert len(retention.anchors(kept.engine.projections)) > 0
    told = clear(kept, cap_mb=1)
    assert told.events == 0, "what the ledger takes is no reason to drop the past"
    (alert,) = (alert.what for alert in kept.events(Alert))
    assert "cannot be held under its cap of 1 MB: the ledger 4 MB" in alert
    assert "trading.speed" in alert


def test_replays_that_are_over_go_before_any_event_and_no_more_of_them_than_needed(kept: Program) -> None:
    kept.start(Replays(sessions=40))
    for number in range(3):
        kept.engine.journal.append(Padded(number, "x" * 400))
        pass_days(kept, DAY)
    many_newer(kept, size=240)
    told = clear(kept, replay_days=30, cap_mb=1)
    assert told.events == 0
    assert 0 < told.decisions < 40 * ORDERS
    assert told.taken <= 1_000_000
    assert kept.events(Alert) == []


def test_one_step_gives_many_pages_back_to_the_disk(kept: Program) -> None:
    many_newer(kept, size=2_000)
    journal = kept.engine.journal
    kept.wait(journal.write(lambda tx: tx.connection.execute(delete(decisions))))
    assert kept.wait(journal.write(retention.give_back)) == retention.PAGES
