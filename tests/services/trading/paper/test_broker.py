"""The paper broker on its own file, and the handler before it."""

import multiprocessing
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.core.effects import Refused, Standing
from services.core.errors import UserError
from services.trading.fills import Side, Terms
from services.trading.paper.broker import PaperBroker, Receipt
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper

TERMS = Terms(capital=100.0, fee_rate=0.01, slippage=0.5, step=0.1, min_notional=1.0)


def order(side: Side = Side.BUY, quantity: float = 2.0, quote: float = 9.5, minute: int = 0, **rest: str) -> PlaceOrder:
    return PlaceOrder(
        process=rest.get("process", "bot"),
        version="v1",
        session=1,
        market="ETH/BTC",
        label="generated",
        side=side,
        quantity=quantity,
        candle=datetime(2026, 1, 1, 0, minute, tzinfo=UTC),
        quote=quote,
        terms=TERMS,
    )


@pytest.fixture
def broker(tmp_path: Path) -> PaperBroker:
    return PaperBroker(tmp_path / "paper.db")


def test_a_buy_fills_at_the_quote_with_slippage_and_fee(broker: PaperBroker) -> None:
    fill = broker.place(order()).fill
    assert fill is not None
    assert (fill.quantity, fill.price, fill.fee) == (2.0, 10.0, 0.2)
    balance = broker.balance(order().account)
    assert balance is not None
    assert (balance.cash, balance.held) == (79.8, 2.0)


def test_a_fill_outlives_the_broker(tmp_path: Path, broker: PaperBroker) -> None:
    placed = broker.place(order())
    found = PaperBroker(tmp_path / "paper.db").find(order().client_id)
    assert found == placed
    assert broker.find("never sent") is None


def test_a_doubled_order_is_counted_and_traded_twice(broker: PaperBroker) -> None:
    broker.place(order())
    broker.place(order())
    assert broker.received(order().client_id) == broker.received() == 2
    assert [fill.quantity for fill in broker.fills()] == [2.0, 2.0]


def test_an_order_beyond_the_cash_is_scaled_down_to_whole_steps(broker: PaperBroker) -> None:
    fill = broker.place(order(quantity=50.0)).fill
    assert fill is not None
    assert fill.quantity == 9.9
    assert broker.balance(order().account).cash >= 0  # type: ignore[union-attr]


def test_a_sale_gives_no_more_than_is_held(broker: PaperBroker) -> None:
    broker.place(order())
    fill = broker.place(order(Side.SELL, quantity=5.0, minute=5)).fill
    assert fill is not None
    assert (fill.quantity, fill.price) == (2.0, 9.0)


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (order(Side.SELL), "not one step"),
        (order(quantity=0.1), "notional 0.99 is below the minimum 1"),
        (order(Side.SELL, quote=0.5), "leaves no price"),
    ],
)
def test_what_cannot_be_filled_is_refused_with_the_reason_and_still_counted(
    broker: PaperBroker, refused: PlaceOrder, why: str
) -> None:
    receipt = broker.place(refused)
    assert receipt.fill is None
    assert why in receipt.refused
    assert broker.find(refused.client_id) == receipt
    assert (broker.received(), broker.fills()) == (1, [])


def test_accounts_are_kept_apart(broker: PaperBroker) -> None:
    broker.place(order(process="one"))
    broker.place(order(process="two", quantity=1.0))
    assert broker.balance(order(process="one").account).held == 2.0  # type: ignore[union-attr]
    assert len(broker.fills(order(process="two").account)) == 1


def test_a_client_id_is_32_hex_digits_of_the_cause() -> None:
    one = order()
    assert len(one.client_id) == 32
    int(one.client_id, 16)
    assert one.client_id == replace(one, quantity=9.0, quote=1.0).client_id
    others = [
        order(Side.SELL),
        order(minute=5),
        order(process="x"),
        replace(one, version="v2"),
        replace(one, session=2),
    ]
    assert len({one.client_id, *(other.client_id for other in others)}) == 6


def test_an_order_survives_its_way_through_json() -> None:
    assert PlaceOrder.decode(order().encode()) == order()
    assert order().what == "Buy 2 ETH/BTC near 9.5 on paper (generated)"


def _place_many(path: Path, process: str) -> None:
    for minute in range(20):
        PaperBroker(path).place(order(quantity=0.2, minute=minute, process=process))


def test_several_programs_place_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "paper.db"
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_place_many, args=(path, f"bot {n}")) for n in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert PaperBroker(path).received() == 60
    assert len(PaperBroker(path).fills("bot 1/v1/1")) == 20


def test_the_handler_tells_done_refused_and_never_arrived_apart(tmp_path: Path) -> None:
    handler = PlaceOnPaper(tmp_path / "paper.db")
    assert handler.look_up(order()).standing is Standing.NOT_DONE
    details = handler.carry_out(order())
    found = handler.look_up(order())
    assert (found.standing, found.details) == (Standing.DONE, details)
    with pytest.raises(Refused, match="not one step"):
        handler.carry_out(order(Side.SELL, process="other"))
    assert "not one step" in handler.look_up(order(Side.SELL, process="other")).why


class HeldUp(PaperBroker):
    """A broker that an order reaches only when ``go_on`` is set."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.arriving, self.go_on = threading.Event(), threading.Event()

    def place(self, order: PlaceOrder) -> Receipt:
        self.arriving.set()
        self.go_on.wait()
        return super().place(order)


def test_an_order_still_on_its_way_is_unknown_rather_than_never_arrived(tmp_path: Path) -> None:
    handler = PlaceOnPaper(tmp_path / "paper.db")
    handler.broker = held = HeldUp(tmp_path / "paper.db")
    thread = threading.Thread(target=handler.carry_out, args=(order(),))
    thread.start()
    held.arriving.wait()
    meanwhile = handler.look_up(order()).standing
    held.go_on.set()
    thread.join()
    assert meanwhile is Standing.UNKNOWN
    assert handler.look_up(order()).standing is Standing.DONE


def test_a_file_of_another_kind_or_a_newer_program_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, and long enough to be taken for one" * 9)
    with pytest.raises(UserError, match="no paper account"):
        PaperBroker(tmp_path / "text.db").received()
    with closing(sqlite3.connect(tmp_path / "newer.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="newer program"):
        PaperBroker(tmp_path / "newer.db").received()


def test_lost_books_are_rebuilt_from_what_was_filled_and_never_over_others(tmp_path: Path, broker: PaperBroker) -> None:
    asked = [order(), order(Side.SELL, minute=5), order(process="other")]
    filled = [(each, fill) for each in asked if (fill := broker.place(each).fill) is not None]
    with pytest.raises(ValueError, match="there are orders in it"):
        broker.rebuild(filled)
    again = PaperBroker(tmp_path / "again.db")
    assert again.missing
    assert again.rebuild(filled) == 3
    assert [again.balance(each.account) for each in asked] == [broker.balance(each.account) for each in asked]
    assert again.fills() == broker.fills()


def test_fills_that_do_not_add_up_rebuild_nothing(tmp_path: Path, broker: PaperBroker) -> None:
    broker.place(order())
    sold = order(Side.SELL, minute=5)
    fill = broker.place(sold).fill
    assert fill is not None
    again = PaperBroker(tmp_path / "again.db")
    with pytest.raises(ValueError, match="does not hold"):
        again.rebuild([(sold, fill)])
    assert again.received() == 0


def test_a_file_of_the_version_before_is_read_and_written_on(tmp_path: Path) -> None:
    new = PaperBroker(tmp_path / "new.db")
    new.place(order())
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as connection:
        for column in ("fee_in", "coins", "funding"):
            connection.execute(f"ALTER TABLE orders DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")
    assert [fill.fee_in for fill in new.fills()] == ["quote"]
    assert new.place(order(Side.SELL, minute=5)).fill is not None
    assert new.received() == 2


def test_a_fee_in_base_is_taken_of_the_coins_and_one_in_another_currency_of_neither(broker: PaperBroker) -> None:
    in_base, other = replace(TERMS, fee_in="base"), replace(TERMS, fee_in="BNB")
    for process, terms, left in (("base", in_base, (80.0, 1.98)), ("other", other, (80.0, 2.0))):
        asked = replace(order(process=process), terms=terms)
        fill = broker.place(asked).fill
        assert fill is not None
        assert (fill.quantity, fill.fee, fill.fee_in) == (2.0, 0.2, terms.fee_in)
        balance = broker.balance(asked.account)
        assert balance is not None
        assert (balance.cash, balance.held) == left
        assert broker.find(asked.client_id) == Receipt(fill)


def test_a_perpetual_is_sold_short_and_settles_its_funding_and_spot_is_not(broker: PaperBroker) -> None:
    short = replace(order(Side.SELL), terms=replace(TERMS, margin=True), funding=1.5)
    fill = broker.place(short).fill
    assert fill is not None
    balance = broker.balance(short.account)
    assert balance is not None
    assert (balance.cash, balance.held) == (100 + 18 - 0.18 - 1.5, -2.0)
    assert "not one step" in broker.place(order(Side.SELL, process="spot")).refused
