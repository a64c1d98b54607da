"""Money: fills, and the account that is the sum of them."""

from datetime import UTC, datetime
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.fills import (
    Fill,
    Side,
    Terms,
    Unfillable,
    affordable,
    cost,
    fill_price,
    refuse_small,
    whole_steps,
)
from services.trading.paper.account import Account

BAR = datetime(2026, 1, 1, tzinfo=UTC)
amounts = st.floats(min_value=1e-3, max_value=1e7)
prices = st.floats(min_value=1e-4, max_value=1e5)
rates = st.floats(min_value=0, max_value=0.05)
steps = st.sampled_from([1e-8, 1e-3, 0.1, 0.25, 1.0, 7.0])


def terms(fee: float = 0.001, slippage: float = 0.0, step: float = 0.001, least: float = 0.0) -> Terms:
    return Terms(capital=1.0, fee_rate=fee, slippage=slippage, step=step, min_notional=least)


def bought(account: Account, price: float, on: Terms, share: float = 1.0) -> Account:
    quantity = affordable(account.cash * share, price, on)
    return account.after(Fill("c", Side.BUY, quantity, price, quantity * price * on.fee_rate, BAR))


def sold(account: Account, price: float, on: Terms) -> Account:
    fee = account.quantity * price * on.fee_rate
    return account.after(Fill("c", Side.SELL, account.quantity, price, fee, BAR))


@given(amounts, prices, rates, steps)
def test_all_in_buys_the_most_whole_steps_that_cash_pays_with_the_fee(
    cash: float, price: float, fee: float, step: float
) -> None:
    on = terms(fee, step=step)
    quantity = affordable(cash, price, on)
    assert cost(quantity, price, on) <= cash
    assert cost(quantity + 2 * step, price, on) > cash * (1 - 1e-9)
    assert quantity / step == pytest.approx(round(quantity / step), rel=1e-9)
    assert whole_steps(quantity, on) == quantity


@given(amounts, st.lists(st.tuples(prices, prices, st.floats(0.01, 1)), max_size=12), rates, steps)
def test_cash_is_never_negative_and_equity_is_what_is_owned(
    capital: float, rounds: list[tuple[float, float, float]], fee: float, step: float
) -> None:
    account, on = Account.opened(capital), terms(fee, step=step)
    paid = 0.0
    for entry, leave, share in rounds:
        account = bought(account, entry, on, share)
        assert account.cash >= 0
        assert account.equity(leave) == account.cash + account.quantity * leave
        unrealised = account.quantity * leave - account.basis
        told = account.capital + account.realised + unrealised - account.fees
        # The two ways of reckoning differ by rounding only, relative to the largest sum they passed through.
        paid = max(paid, capital, account.quantity * max(entry, leave))
        assert account.equity(leave) == pytest.approx(told, abs=1e-9 * paid)
        account = sold(account, leave, on)
        assert account.quantity == 0
        assert account.basis == 0
    assert account.fills == 2 * len(rounds)


@given(st.lists(st.tuples(prices, prices), max_size=10))
def test_fees_are_the_sum_of_each_fills_fee(rounds: list[tuple[float, float]]) -> None:
    account, on = Account.opened(1000.0), terms(0.002, step=1e-8)
    fees = []
    for entry, leave in rounds:
        before = account
        account = bought(account, entry, on)
        fees += [account.fees - before.fees, account.quantity * leave * 0.002]
        account = sold(account, leave, on)
    assert account.fees == pytest.approx(sum(fees))


def test_an_account_refuses_fills_that_are_not_its_own() -> None:
    account = Account.opened(1.0)
    with pytest.raises(ValueError, match="does not fit"):
        account.after(Fill("c", Side.BUY, 2.0, 1.0, 0.0, BAR))
    with pytest.raises(ValueError, match="does not fit"):
        bought(account, 1.0, terms()).after(Fill("c", Side.SELL, 9.0, 1.0, 0.0, BAR))


def test_slippage_is_always_against_us() -> None:
    on = terms(slippage=0.5)
    assert fill_price(Side.BUY, 10.0, on) == 10.5
    assert fill_price(Side.SELL, 10.0, on) == 9.5
    with pytest.raises(Unfillable, match="leaves no price"):
        fill_price(Side.SELL, 0.5, on)


def test_three_tenths_are_three_steps_of_a_tenth() -> None:
    assert floor(0.3 / 0.1) == 2
    assert whole_steps(0.3, terms(step=0.1)) == 0.3
    assert whole_steps(0.39, terms(step=0.1)) == 0.3


def test_an_entry_must_leave_an_exit_above_the_minimum_after_its_fee() -> None:
    on = terms(fee=0.01, least=10.0)
    refuse_small(Side.BUY, 1.02, 10.0, on)
    refuse_small(Side.SELL, 1.0, 10.0, on)
    with pytest.raises(Unfillable, match=r"notional 9.9 is below the minimum 10"):
        refuse_small(Side.BUY, 1.0, 10.0, on)
    with pytest.raises(Unfillable, match="not one step"):
        refuse_small(Side.BUY, 0.0, 10.0, on)


def fill_of(side: Side, quantity: float, price: float, **more: Any) -> Fill:
    return Fill("c", side, quantity, price, quantity * price * 0.01, BAR, **more)


def test_a_short_earns_what_the_price_falls_by_and_pays_its_fees_and_funding() -> None:
    account = Account.opened(1000.0, margin=True).after(fill_of(Side.SELL, 2, 100))
    assert (account.quantity, account.basis, account.equity(100)) == (-2, -200, 998)
    left = account.after(fill_of(Side.BUY, 2, 90, funding=0.5))
    assert (left.realised, left.basis, left.trades, left.holding) == (20, 0, 1, False)
    assert left.equity(1) == pytest.approx(1000 + 20 - 2 - 1.8 - 0.5)


def test_fees_in_another_currency_are_owed_and_those_in_base_leave_dust_that_holds_nothing() -> None:
    account = Account.opened(1000.0, step=0.1).after(fill_of(Side.BUY, 2, 100, fee_in="BNB"))
    assert (account.cash, account.owed, account.equity(100)) == (800, 2, 998)
    coins = Account.opened(1000.0, step=0.1).after(fill_of(Side.BUY, 2, 100, fee_in="base", coins=1.98))
    assert (coins.cash, coins.quantity) == (800, 1.98)
    sold_ = coins.after(fill_of(Side.SELL, 1.9, 100, fee_in="base"))
    assert (sold_.holding, sold_.trades) == (False, 1)
    assert sold_.cash == pytest.approx(800 + 190 - 1.9)


def test_spot_cannot_be_sold_short() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Account.opened(1000.0).after(fill_of(Side.SELL, 2, 100))
