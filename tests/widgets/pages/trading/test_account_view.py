"""The exchange account on the page, read from a real ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from services.trading.desk.at_a_glance import read_glance
from services.trading.desk.commands import ArmAccount, ClosePosition, RearmGuard, ResolveOrder
from services.trading.desk.contact import Contact
from services.trading.desk.events import (
    Latched,
    OrderAccepted,
    OrderDoubted,
    OrderFilled,
    OrderInitialised,
    OrderSubmitted,
)
from services.trading.desk.glance import AccountGlance
from services.trading.desk.ledger import Ledger
from services.trading.desk.states import Role
from services.trading.fills import Side
from services.trading.venue.told import OrderKind
from widgets.pages.trading.account_view import HELD, AccountView

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOUGHT, DOUBTED = "0123456789abcdef0000000000000001", "0123456789abcdef0000000000000002"


def order(client_id: str, side: Side = Side.BUY) -> OrderInitialised:
    one = Decimal("0.5")
    return OrderInitialised(
        client_id, "trend", "BTC/USDT", side, OrderKind.LIMIT, Role.ENTRY, one, Decimal("60000"), None, "candle", NOON
    )


@pytest.fixture
def glance(tmp_path: Path) -> AccountGlance:
    """Half a coin held, one order of which nobody knows whether it arrived, and one guard closed."""
    ledger = Ledger(tmp_path / "account.db")
    ledger.append(
        order(BOUGHT),
        OrderSubmitted(BOUGHT, NOON),
        OrderAccepted(BOUGHT, "17", NOON),
        OrderFilled(BOUGHT, "t1", "BTC/USDT", Decimal("0.5"), Decimal("60000"), Decimal("3"), "USDT", NOON),
        order(DOUBTED),
        OrderSubmitted(DOUBTED, NOON),
        OrderDoubted(DOUBTED, NOON, None, "the answer was lost"),
        Latched("drawdown", "account", "12 % below the peak", NOON),
    )
    ledger.close()
    return read_glance(tmp_path / "account.db", "binance", "trade my money on binance")


@pytest.fixture
def account(qtbot, glance) -> AccountView:
    view = AccountView()
    qtbot.addWidget(view)
    view.resize(1000, 240)
    view.show_glance(glance, can_act=True)
    view.show()
    return view


def test_it_says_the_mode_what_is_held_what_stands_and_what_is_closed(account, glance):
    assert account.mode.text() == "HALTED"
    assert "not armed" in account.name.text()
    assert [(row.market, Decimal(row.quantity), row.stops) for row in glance.held] == [("BTC/USDT", Decimal("0.5"), "")]
    assert [(row.state, row.why) for row in glance.orders if row.id == DOUBTED] == [("unknown", "the answer was lost")]
    assert [row.guard for row in glance.latches] == ["drawdown"]


@pytest.mark.parametrize(
    ("table", "key", "action", "typed", "command"),
    [
        ("guards", ("drawdown", "account"), "rearm", "checked by hand", RearmGuard("drawdown", "checked by hand")),
        ("orders", DOUBTED, "lost", "not in the book", ResolveOrder(DOUBTED, False, "not in the book")),
        ("orders", DOUBTED, "arrived", "seen it", ResolveOrder(DOUBTED, True, "seen it")),
        ("held", ("trend", "BTC/USDT"), "close", "", ClosePosition("trend", "BTC/USDT")),
    ],
)
def test_what_cannot_be_taken_back_asks_first(qtbot, account, table, key, action, typed, command):
    told: list[object] = []
    account.command.connect(told.append)
    getattr(account, table).acted.emit(action, key)
    assert told == []
    assert account._asked is not None
    qtbot.keyClicks(account._asked.field, typed)
    qtbot.keyClick(account._asked.field, Qt.Key.Key_Return)
    assert told == [command]


def test_a_reason_that_is_needed_is_waited_for_and_escape_leaves_all_as_it_is(qtbot, account):
    told: list[object] = []
    account.command.connect(told.append)
    account.guards.acted.emit("rearm", ("drawdown", "account"))
    assert account._asked is not None
    qtbot.keyClick(account._asked.field, Qt.Key.Key_Return)
    qtbot.keyClick(account._asked, Qt.Key.Key_Escape)
    assert told == []
    assert account._asked is None


def test_real_money_is_armed_by_typed_words_alone(qtbot, account):
    account.arm.click()
    assert account._asked is not None
    assert "trade my money on binance" in account._asked.field.placeholderText()
    with qtbot.waitSignal(account.command) as told:
        qtbot.keyClicks(account._asked.field, "trade my money on binance")
        qtbot.keyClick(account._asked.field, Qt.Key.Key_Return)
    assert told.args == [ArmAccount("trade my money on binance")]


def test_nothing_is_done_while_nothing_may_be(account, glance):
    account.show_glance(glance, can_act=False)
    account.guards.acted.emit("rearm", ("drawdown", "account"))
    assert account._asked is None
    assert not account.reconcile.isEnabled()
    assert not account.arm.isEnabled()


def test_an_armed_account_whose_key_may_withdraw_says_that_nothing_is_bought(account, glance):
    armed = replace(glance, armed=True, contact=Contact(unarmed="the key may withdraw"))
    account.show_glance(armed, can_act=True)
    assert "armed: real money, but nothing is bought: the key may withdraw" in account.name.text()


def test_without_an_account_it_says_that_all_is_paper(account):
    account.show_no_account()
    assert account.faces.currentWidget() is not account.faces.content


@pytest.mark.parametrize(
    ("act", "why_not"),
    [
        ("arm", ""),
        ("disarm", "it is not armed"),
        ("sell", ""),
        ("rearm", ""),
        ("arrived", ""),
        ("fills", ""),
        ("reconcile", ""),
    ],
)
def test_the_palette_says_what_can_be_done_now_and_asks_as_the_buttons_do(qtbot, account, act, why_not):
    told: list[object] = []
    account.command.connect(told.append)
    account.fills_wanted.connect(lambda: told.append("fills"))
    assert account.why_not(act) == why_not
    account.begin(act)
    at_once = act in ("reconcile", "fills")
    assert len(told) == at_once
    assert (account._asked is not None) == (not why_not and not at_once)


def test_which_of_several_is_meant_is_not_guessed(account, glance):
    other = replace(glance.held[0], market="ETH/USDT")
    account.show_glance(replace(glance, held=(*glance.held, other), latches=(), fills=0), can_act=True)
    assert account.why_not("sell") == "several positions are held: select one in Account (A)"
    assert account.why_not("rearm") == "every guard is open"
    assert account.why_not("fills") == "nothing has been traded yet"
    account.held.select_key(("trend", "ETH/USDT"))
    account.begin("sell")
    assert account._asked is not None
    assert "ETH/USDT" in account._asked.field.placeholderText()


def test_an_act_of_the_palette_waits_until_the_account_is_read(qtbot, glance):
    view = AccountView()
    qtbot.addWidget(view)
    view.begin("sell")
    assert view._asked is None
    view.show_glance(glance, can_act=True)
    assert view._asked is not None
    view.show_no_account()
    assert view.why_not("sell") == "no exchange account is kept"


def test_it_says_how_the_exchange_is_reached(account, glance):
    assert account.contact.text() == "Exchange: no program keeps the account now"
    until = NOON + timedelta(minutes=5)
    banned = Contact("", -0.42, 31, 4800, until, "binance has banned this address (418)")
    account.show_glance(replace(glance, contact=banned), can_act=True)
    assert account.contact.text() == (
        "Exchange: its clock is 420 ms behind ours · request weight 31 of 4,800 this minute · "
        "binance has banned this address (418) until 12:05:00 UTC"
    )
    account.show_glance(replace(glance, contact=Contact("no answer, since 12:00:00 UTC")), can_act=True)
    assert account.mode.text() == "NOT ASKED"
    assert account.contact.text() == "Exchange: its clock is not known"


@pytest.mark.parametrize("width", [660, 853, 1200])
def test_what_a_person_has_to_do_is_never_behind_a_scroll_bar(account, width):
    account.resize(width, 240)
    QApplication.processEvents()
    for table in (account.held, account.orders, account.guards):
        act = table.rows.columnCount() - 1
        assert table.horizontalScrollBar().maximum() == 0, table.accessibleName()
        assert table.columnViewportPosition(act) + table.columnWidth(act) <= table.viewport().width()


def test_the_level_of_a_stop_has_its_currency(glance):
    row = replace(glance.held[0], stops="0.3 at 47500.00, 0.2 at 47000")
    stops = next(column for column in HELD if column.id == "stops")
    assert stops.cell(row).text == "47500, 47000 USDT"
