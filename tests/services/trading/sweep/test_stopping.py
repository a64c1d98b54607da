"""A sweep that is told to end has what it had found by then."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.sweep.grid import grid_of
from services.trading.sweep.ground import Ground
from services.trading.sweep.part import INCREMENTAL, Part, run_part
from services.trading.sweep.sweep import Plan, Stopped, run
from services.trading.sweep.table import Table
from tests.support.candles import BAR
from tests.support.strategies import strategy_with

GRID = grid_of(strategy_with(), ["cool_down=0:5"])
GROUND = Ground(Bars.of(generate(BAR, 1e-8, 60)))


def test_what_was_found_until_then_is_handed_over_and_the_rest_not_begun() -> None:
    found: list[Table] = []
    parts = (Part(GRID, number, number + 1, INCREMENTAL) for number in range(len(GRID)))
    with ThreadPoolExecutor(1) as executor, pytest.raises(Stopped) as early:
        run(
            parts,
            lambda part: executor.submit(run_part, part, GROUND),
            found=found.append,
            stopped=lambda: len(found) > 1,
        )
    table = early.value.table
    assert list(table.numbers) == [0, 1]
    assert [list(part.numbers) for part in found] == [[0], [1]]
    assert len(table.columns["sharpe"]) == 2


def test_one_that_nobody_ends_hands_over_each_part_once() -> None:
    found: list[Table] = []
    plan = Plan(GRID, len(GROUND.bars), INCREMENTAL, ("cool_down",))
    with ThreadPoolExecutor(2) as executor:
        table = run(plan.parts(2), lambda part: executor.submit(run_part, part, GROUND), found=found.append)
    assert sorted(table.numbers) == sorted(number for part in found for number in part.numbers) == list(range(6))


def test_parts_are_short_however_few_the_bars_are() -> None:
    grid = grid_of(strategy_with(), ["macd.fast=2:99", "macd.slow=100:199", "macd.signal=2:99"])
    longest = max(part.stop - part.start for part in Plan(grid, 400, "kernel", ()).parts(2))
    assert longest < 10_000, "each takes its time besides its bars, and a sweep that is to end waits for none for long"
