"""What became of a wish that the account took on and of which nothing was bought, on a real engine."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.wiring.unbought import Unbought
from services.core.decisions import ledger
from services.core.decisions.decision import Decision, Verdict
from services.core.decisions.ledger import NewDecision, Origin
from services.core.effects import Outcome, Standing
from services.core.logs.run import current_run
from services.trading.desk.asking import EnterPosition
from services.trading.desk.events import EntryEnded
from tests.support.manual_clock import START, ManualClock
from tests.support.program import Program

WISH = EnterPosition("mo", "BTC/USDT", "09:00", Decimal(1000), Decimal(500), None, START + timedelta(seconds=30))


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    made = Program(tmp_path, clock).open()
    Unbought(made.engine).open()
    yield made
    made.close()


def decided(program: Program, verdict: Verdict) -> None:
    new = NewDecision(WISH, Origin("process:mo", "mo"), "score 0.4", verdict)
    program.wait(program.engine.journal.write(lambda tx: ledger.enter(tx, new)))


def taken_on(program: Program) -> None:
    def work(tx):
        ledger.change(tx, ledger.by_key(tx, WISH.key), Verdict.DONE, "process:mo", Outcome(Standing.DONE))

    program.wait(program.engine.journal.write(work))


def ended(program: Program, bought: bool = False) -> None:
    event = EntryEnded("mo", "BTC/USDT", "09:00", "size: too much", START, bought)
    program.wait(program.engine.journal.append(event, source="account"))


def decision(program: Program) -> Decision:
    program.advance(0.5)
    entry = program.wait(program.engine.journal.write(lambda tx: ledger.by_key(tx, WISH.key)))
    return entry.decision


def test_its_decision_is_not_done_and_says_why_and_so_does_its_bots_log(program, caplog) -> None:
    runs = []
    caplog.handler.addFilter(lambda record: runs.append((record.name, current_run())) or True)
    with caplog.at_level(logging.WARNING):
        decided(program, Verdict.DONE)
        ended(program)
        found = decision(program)
    assert (found.verdict, found.why) == (Verdict.NOT_DONE, "taken on, and nothing was bought: size: too much")
    assert "nothing of BTC/USDT was bought for the bar of 09:00: size: too much" in caplog.messages
    assert [run.process for name, run in runs if name == "process.mo"] == ["mo"]


def test_so_it_is_where_the_wish_ended_before_the_bot_had_written_that_it_was_taken_on(program) -> None:
    decided(program, Verdict.INTENDED)
    ended(program)
    assert decision(program).verdict is Verdict.INTENDED
    taken_on(program)
    assert decision(program).verdict is Verdict.NOT_DONE


def test_what_was_bought_stays_done(program) -> None:
    decided(program, Verdict.DONE)
    ended(program, bought=True)
    assert decision(program).verdict is Verdict.DONE
