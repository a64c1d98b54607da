"""Children for a search: of the lowest priority, and with the same answer."""

import os
import sys

import pytest

from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.learning.children import children
from services.trading.learning.evaluating import OneByOne, OverExecutor
from services.trading.learning.grid import axes_of, candidates_of
from tests.support.candles import BAR
from tests.support.environments import SECRET, of_children
from tests.support.strategies import strategy_with


@pytest.mark.skipif(sys.platform == "win32", reason="a class of priority there, and no number")
def test_a_child_gives_way_to_everything_and_says_what_would_be_said_here() -> None:
    strategy = strategy_with(data="generated")
    found = [each.strategy for each in candidates_of(strategy, axes_of(["macd.fast=6,12"])).chosen]
    bars = Bars.of(generate(BAR, 1e-8, 300))
    with children(1) as executor:
        assert executor.submit(os.getpriority, os.PRIO_PROCESS, 0).result() == 19
        told = list(OverExecutor(executor).evaluate(found, bars, range(100, 300)))
    assert told == list(OneByOne().evaluate(found, bars, range(100, 300)))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone shows environments")
def test_a_child_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMSCAPE_TRADING__API_SECRET", SECRET)
    with children(1) as executor:
        child = executor.submit(os.getpid).result()
        assert SECRET.encode() not in of_children()[child]
