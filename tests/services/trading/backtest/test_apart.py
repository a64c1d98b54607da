"""A backtest in a process of its own, as the window has one run beside bots that trade."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

from services.core.sandbox.own_children import spawning
from services.trading.backtest.apart import begin_apart


@pytest.mark.skipif(sys.platform == "win32", reason="a class of priority there, and no number")
def test_it_gives_way_to_everything() -> None:
    context = spawning()
    percent, stop = context.Value("i", 0, lock=False), context.Value("i", 0, lock=False)
    with ProcessPoolExecutor(1, context, begin_apart, (percent, stop)) as executor:
        assert executor.submit(os.getpriority, os.PRIO_PROCESS, 0).result() == 19
