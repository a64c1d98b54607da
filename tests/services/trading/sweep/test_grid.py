"""Axes as a person writes them, and the strategies that their combinations make."""

import pytest

from services.core.errors import UserError
from services.trading.sweep.axes import axis
from services.trading.sweep.grid import grid_of
from services.trading.sweep.impossible import Impossible
from services.trading.sweep.numbers import numbers_of
from tests.support.strategies import strategy_with


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("macd.fast=6:9", (6, 7, 8, 9)),
        ("macd.slow=20:38:6", (20, 26, 32, 38)),
        ("stop.percent=1,2.5,3", (1, 2.5, 3)),
        ("stop.percent=0.1:0.4:0.1", (0.1, 0.2, 0.3, 0.4)),
        ("exit=-0.5:0:0.25", (-0.5, -0.25, 0.0)),
        ("stop.percent=2", (2,)),
    ],
)
def test_values_are_read_exactly_as_written(said: str, values: tuple[float, ...]) -> None:
    assert axis(said).values == values


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("macd.fast", "names no key with its values"),
        ("=1:2", "names no key with its values"),
        ("macd.fast=9:6", "goes nowhere"),
        ("macd.fast=1:2:0", "goes nowhere"),
        ("macd.fast=1:2:3:4", "is no range"),
        ("macd.fast=a,b", "'a' is no number"),
        ("macd.fast=1,1", "has a value twice"),
        ("macd.fast=nan", "beyond what a strategy says"),
        ("macd.fast=0:1e12", "are 1,000,000,000,001 values, and 1,000,000 are the most"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(said: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        axis(said)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_grid_of_a_billion_is_refused_before_anything_is_made_of_it() -> None:
    with pytest.raises(UserError, match=r"1,000 x 1,000 x 1,000 are 1,000,000,000 combinations"):
        grid_of(strategy_with(), ["macd.fast=1:1000", "macd.slow=2:1001", "macd.signal=1:1000"])


def test_each_combination_has_a_number_and_makes_its_strategy() -> None:
    grid = grid_of(strategy_with(), ["stop.percent=1,2", "macd.fast=6:8"])
    assert len(grid) == 6
    assert [grid.values(number) for number in (0, 1, 5)] == [
        {"macd.fast": 6, "stop.percent": 1}, {"macd.fast": 6, "stop.percent": 2}, {"macd.fast": 8, "stop.percent": 2}
    ]  # fmt: skip
    made = grid.strategy(5)
    assert made.macd is not None
    assert made.stop is not None
    assert (made.macd.fast, made.macd.slow, made.stop.percent) == (8, 26, 2.0)


def test_a_combination_that_makes_no_strategy_says_why() -> None:
    grid = grid_of(strategy_with(), ["macd.fast=10,30"])
    with pytest.raises(Impossible, match=r"macd\.slow: slow \(26\) must be more bars than fast \(30\)"):
        grid.strategy(1)
    assert grid.first().macd is not None


@pytest.mark.parametrize(
    ("axes", "told"),
    [
        (["fill=1,2"], "fill is no number of the strategy. Its numbers: capital, cool_down, enter, "),
        (["market=1"], "market is no number"),
        (["macd.fast=6", "macd.fast=7"], "macd.fast is given twice"),
    ],
)
def test_a_key_that_is_no_number_is_refused(axes: list[str], told: str) -> None:
    with pytest.raises(UserError) as refused:
        grid_of(strategy_with(), axes)
    assert told in str(refused.value)


def test_a_key_that_no_strategy_has_is_told_before_anything_runs() -> None:
    with pytest.raises(UserError, match=r"macd\.fats is no number of the strategy. Did you mean macd\.fast\?"):
        grid_of(strategy_with(), ["macd.fats=6:9"])


def test_every_number_that_is_told_can_be_gone_through() -> None:
    values = {"sizing.fixed": "1", "exit": "-0.5", "enter": "0.5", "macd.slow": "30"}
    strategy = strategy_with(sizing={"percent": None})
    for key in numbers_of(strategy):
        if not key.startswith("sizing.volatility"):  # it wants two numbers at once
            assert grid_of(strategy, [f"{key}={values.get(key, '1')}"]).first()


def test_of_a_strategy_with_terms_their_numbers_are_told_and_not_those_of_the_one_macd() -> None:
    terms = {"curl": {"kind": "macd_curl"}, "mood": {"kind": "sentiment", "weight": 0.1}}
    told = numbers_of(strategy_with(macd=None, entry=None, exit=-0.5, terms=terms))
    assert {"terms.curl.depth", "terms.curl.slow", "terms.mood.window", "terms.mood.weight", "exit"} <= set(told)
    assert not any(key.startswith("macd.") or key == "terms.curl.kind" for key in told)


@pytest.mark.parametrize("key", ["market.tick", "market.step", "market.min_notional"])
def test_what_the_exchange_sets_is_nothing_to_choose(key: str) -> None:
    with pytest.raises(UserError, match=f"{key} is a fact of the market, and nothing to choose"):
        grid_of(strategy_with(), [f"{key}=1,2"])


def test_how_a_grid_is_written_is_shown_by_a_key_that_the_strategy_has() -> None:
    terms = {"curl": {"kind": "macd_curl"}}
    with pytest.raises(UserError, match=r"'abc' is no number.*such as terms\.curl\.fast=6:13"):
        grid_of(strategy_with(macd=None, entry=None, exit=-0.5, terms=terms), ["terms.curl.fast=abc"])
    with pytest.raises(UserError, match=r"such as macd\.fast=6:13"):
        grid_of(strategy_with(), ["macd"])
