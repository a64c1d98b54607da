"""The strategies that a grid makes, and other values of a strategy's parameters."""

import pytest

from services.core.errors import UserError
from services.trading.learning.grid import Candidates
from services.trading.learning.parameters import value_of, varied
from services.trading.sweep.grid import grid_of
from tests.support.strategies import strategy_with


def test_every_combination_that_is_a_strategy_is_one_and_the_others_are_told() -> None:
    told = Candidates.of(grid_of(strategy_with(), ["macd.fast=8,30", "macd.slow=20,40"]))
    assert [dict(told.candidate(place).parameters) for place in range(len(told))] == [
        {"macd.fast": 8, "macd.slow": 20},
        {"macd.fast": 8, "macd.slow": 40},
        {"macd.fast": 30, "macd.slow": 40},
    ]
    assert [each.macd.fast for each in told if each.macd] == [8, 8, 30]
    assert told[1:] == [told.candidate(1).strategy, told.candidate(2).strategy]
    assert (told.longest, told.left_out) == (40, 1)
    assert "slow (20) must be more bars than fast (30)" in told.why


def test_a_grid_of_which_nothing_is_a_strategy_says_why() -> None:
    with pytest.raises(UserError, match=r"no combination makes a strategy: .*slow \(20\) must be more"):
        Candidates.of(grid_of(strategy_with(), ["macd.fast=30", "macd.slow=20,25"]))


def test_a_key_that_holds_one_value_holds_no_others() -> None:
    with pytest.raises(UserError, match="timeframe holds one value"):
        varied(strategy_with(), {"timeframe.hours": 1})


def test_a_part_that_the_file_leaves_out_is_made_and_none_takes_one_away() -> None:
    plain = strategy_with()
    stopped = varied(plain, {"stop.percent": 1.5})
    assert (value_of(plain, "stop.percent"), value_of(stopped, "stop.percent")) == (None, 1.5)
    assert value_of(varied(stopped, {"stop": None}), "stop.percent") is None
    with pytest.raises(UserError, match=r"macd holds several values.*such as macd\.fast"):
        value_of(plain, "macd")
