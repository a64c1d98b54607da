"""The paper account after an old backup was put back: what any bot stands in is there, and what others did stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wiring.last_end.lost_books import mend_paper
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.orchestrator.events import Alert
from services.orchestrator.history.projections import Processes, Pulse
from services.trading.fills import Side, Terms
from services.trading.paper.broker import Balance, PaperBroker
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

TERMS = Terms(capital=100.0, fee_rate=0.01, slippage=0.5, step=0.1, min_notional=1.0)


class Buys(Process):
    """Buys once in the session that it stands in."""

    isolation = Isolation.THREAD
    session: int = 1

    def run(self, context: Context) -> None:
        context.checkpoint({"session": self.session})
        at = context.clock.now()
        bought = PlaceOrder(context.name, "v1", self.session, "A/B", "generated", Side.BUY, 2.0, at, 9.5, TERMS)
        assert context.act(bought, "macd over its signal").done


@pytest.fixture
def program(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    handlers = {PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")}
    program = Program(tmp_path, clock, handlers).open([Processes(), Pulse()])
    for name in ("early", "late"):
        program.start(Buys(), name)
        program.advance(5)
    yield program
    program.close()


@pytest.fixture
def broker(tmp_path: Path) -> PaperBroker:
    return PaperBroker(tmp_path / "paper.db")


def mended(program: Program, broker: PaperBroker) -> list[str]:
    """What is told of it."""
    mend_paper(program.engine, broker)
    program.advance(1)
    return [alert.what for alert in program.events(Alert)]


def test_what_is_whole_is_left_as_it_is(program: Program, broker: PaperBroker) -> None:
    assert mended(program, broker) == []
    assert broker.received() == 2


def test_an_account_that_is_missing_is_written_again_beside_the_others(program: Program, broker: PaperBroker) -> None:
    held = broker.balance("early/v1/1")
    assert held == Balance(79.8, 2.0)
    broker.forget("early/v1/1")  # as when its session was over, which the store that was put back does not know
    after = PlaceOrder("late", "v1", 2, "A/B", "generated", Side.BUY, 1.0, program.clock.now(), 9.5, TERMS)
    assert broker.place(after).fill, "what was done after the copy was made"
    told = mended(program, broker)
    assert told == ["paper.db lacked the account early/v1/1: it is written again from the ledger, with 1 fill"]
    assert broker.balance("early/v1/1") == held
    assert broker.find(after.client_id) is not None
    assert mended(program, broker) == told, "once"


def test_a_file_that_knows_nobody_is_set_aside_and_rebuilt_whole(program: Program, broker: PaperBroker) -> None:
    for name in ("early", "late"):
        broker.forget(f"{name}/v1/1")
    (told,) = mended(program, broker)
    assert "rebuilt from the ledger, with 2 fills; what was in it is kept as paper.db.other-1" in told


def test_where_one_bot_alone_trades_what_it_did_since_the_copy_stays_too(
    tmp_path: Path, clock: ManualClock, broker: PaperBroker
) -> None:
    alone = Program(tmp_path, clock, {PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")}).open([Processes(), Pulse()])
    alone.start(Buys(), "early")
    alone.advance(5)
    broker.forget("early/v1/1")
    after = PlaceOrder("early", "v1", 3, "A/B", "generated", Side.BUY, 1.0, alone.clock.now(), 9.5, TERMS)
    assert broker.place(after).fill
    told = mended(alone, broker)
    alone.close()
    assert told == ["paper.db lacked the account early/v1/1: it is written again from the ledger, with 1 fill"]
    assert broker.balance("early/v1/1") == Balance(79.8, 2.0)
    assert broker.find(after.client_id) is not None


def test_a_session_that_is_over_is_not_missed(program: Program, broker: PaperBroker) -> None:
    program.start(Buys(session=2), "early")
    program.advance(5)
    broker.forget("early/v1/1")
    assert mended(program, broker) == []
