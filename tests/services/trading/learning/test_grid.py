"""Grids as a person writes them, and the strategies that they make."""

import pytest

from services.core.errors import UserError
from services.trading.learning.grid import axes_of, candidates_of
from services.trading.learning.parameters import value_of, varied
from tests.support.strategies import strategy_with


def test_lists_and_ranges_are_read() -> None:
    assert axes_of(["macd.fast=8,12", "macd.slow=20..32/4", "stop.percent=0.5..1/0.25,none", "cool_down=1..3"]) == {
        "macd.fast": (8, 12),
        "macd.slow": (20, 24, 28, 32),
        "stop.percent": (0.5, 0.75, 1.0, None),
        "cool_down": (1, 2, 3),
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["macd.fast"], "'macd.fast' is no part of a grid"),
        (["macd.fast=8,"], "a value is missing"),
        (["macd.fast=20..8"], "no range"),
        (["macd.fast=8..20/0"], "no range"),
        (["cool_down=1", "cool_down=2"], "twice"),
        (["a=1..1000", "b=1..1000", "c=1..1000"], "1,000 x 1,000 x 1,000 are 1,000,000,000 combinations"),
        (["a=1..9000000000"], "no range of at most 100,000 values"),
    ],
)
def test_what_is_no_grid_and_what_is_too_large_is_refused_at_once(words: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        axes_of(words)


def test_every_combination_that_is_a_strategy_is_one_and_the_others_are_told() -> None:
    told = candidates_of(strategy_with(), axes_of(["macd.fast=8,30", "macd.slow=20,40"]))
    assert [dict(each.parameters) for each in told.chosen] == [
        {"macd.fast": 8, "macd.slow": 20},
        {"macd.fast": 8, "macd.slow": 40},
        {"macd.fast": 30, "macd.slow": 40},
    ]
    assert told.chosen[2].strategy.macd is not None
    assert told.chosen[2].strategy.macd.fast == 30
    assert told.left_out == 1
    assert "slow (20) must be more bars than fast (30)" in told.why


def test_a_key_that_no_strategy_has_is_named() -> None:
    with pytest.raises(UserError, match=r"macd\.fsat"):
        candidates_of(strategy_with(), axes_of(["macd.fsat=8,12"]))
    with pytest.raises(UserError, match="timeframe holds one value"):
        varied(strategy_with(), {"timeframe.hours": 1})


def test_a_part_that_the_file_leaves_out_is_made_and_none_takes_one_away() -> None:
    plain = strategy_with()
    stopped = varied(plain, {"stop.percent": 1.5})
    assert (value_of(plain, "stop.percent"), value_of(stopped, "stop.percent")) == (None, 1.5)
    assert value_of(varied(stopped, {"stop": None}), "stop.percent") is None
    with pytest.raises(UserError, match=r"macd holds several values.*such as macd\.fast"):
        value_of(plain, "macd")
