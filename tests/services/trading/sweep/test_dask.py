"""A sweep on Dask's workers elsewhere: a real scheduler and a real worker, each a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.social.reading import read_posts
from tests.support.candles import BAR, save_candles
from tests.support.posts import chatter, save_posts
from tests.support.strategies import strategy_text, strategy_with

pytestmark = [
    pytest.mark.skipif(not find_spec("distributed"), reason="distributed is not installed: pip install '.[dask]'"),
    pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel"),
]
ROOT = Path(__file__).parents[4]
TERMS = {"trend": {"kind": "momentum", "bars": 12}, "level": {"kind": "sentiment", "window": 6, "full": 0.5}}
LISTENS = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True}


def begun(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a scheduler that has one worker."""
    running = [begun("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        lines = running[0].stderr or ()
        address = next(line for line in lines if "Scheduler at:" in line).split("Scheduler at:")[1].strip()
        where = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        running.append(begun("distributed.cli.dask_worker", address, *where))
        next(line for line in running[1].stderr or () if "Registered to:" in line)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.communicate()


def test_what_a_strategy_listens_to_goes_to_the_workers_and_each_combination_is_its_backtest(
    scheduler: str, tmp_path: Path
) -> None:
    candles = generate(BAR, 1e-8, 300)
    data, posts = (
        save_candles(tmp_path / "c.csv", candles),
        save_posts(tmp_path / "p.jsonl", chatter(candles, Random(3))),
    )
    (tmp_path / "mood.yaml").write_text(strategy_text(**LISTENS))
    words = ["--home", tmp_path / "home", "--json", "sweep", tmp_path / "mood.yaml", "--data", data, "--posts", posts]
    words += ["--engine", "dask", "--scheduler", scheduler, "--best", "0", "--grid", "enter=0.2,0.4", "cool_down=0,5"]
    command = [sys.executable, "-m", "app", *map(str, words)]
    ran = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["trials"], told["engine"], told["posts"]) == (4, "kernel", "recorded: p.jsonl")
    for result in told["results"]:
        strategy = strategy_with(**LISTENS | result["parameters"])
        statistics = Backtest(strategy, read_posts(posts)).run(Bars.of(candles), "c").statistics()
        assert (result["trades"], result["final_equity"]) == (statistics.trades, statistics.final_equity)
