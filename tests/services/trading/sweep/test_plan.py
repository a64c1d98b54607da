"""What a sweep says beforehand that it will take."""

import pytest

from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.side_data import SideData
from services.trading.sweep.grid import grid_of
from services.trading.sweep.ground import Ground
from services.trading.sweep.sweep import BEGIN, COMPILE, Plan, plan
from tests.support.candles import BAR
from tests.support.posts import post, posts_of
from tests.support.strategies import strategy_with

BARS = Bars.of(generate(BAR, 1e-8, 400))


def planned(*axes: str, side: SideData | None = None) -> Plan:
    return plan(grid_of(strategy_with(), axes), Ground(BARS, side or SideData()))


def test_a_combination_takes_time_however_few_the_bars_are() -> None:
    few, many = planned("macd.fast=6"), planned("macd.fast=2:11", "macd.slow=12:211", "macd.signal=2:101")
    assert few.seconds(1) < BEGIN + 0.01
    whole = many.seconds(1) - BEGIN
    assert 30 < whole < 90, "200,000 combinations are some 40 s of work, and 10 to count them"
    assert whole / 2 < many.seconds(2) - BEGIN < whole, "what is counted, one process counts"


def test_what_was_never_compiled_takes_longer_by_that_and_posts_are_read_by_every_worker() -> None:
    one = planned("macd.fast=6,8")
    assert one.seconds(2, compiled=False) == pytest.approx(one.seconds(2) + COMPILE)
    heard = planned("macd.fast=6,8", side=SideData(posts_of([post(minute, "ETH up") for minute in range(1000)])))
    assert heard.seconds(8) > one.seconds(8) + 0.1
