"""A sweep on Dask's workers elsewhere: a real scheduler and two real workers, each a process of its own."""

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
    pytest.mark.skipif(not find_spec("distributed"), reason="distributed is not installed: see packaging/dask.lock"),
    pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel"),
]
ROOT = Path(__file__).parents[4]
TERMS = {"trend": {"kind": "momentum", "bars": 12}, "level": {"kind": "sentiment", "window": 6, "full": 0.5}}
LISTENS = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True}


def begun(*words: str, cwd: Path = ROOT) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-m", *words], cwd=cwd, stderr=subprocess.PIPE, text=True)


class Cluster:
    """A scheduler, and the workers that are begun for it, each a process of its own."""

    def __init__(self) -> None:
        words = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.running = [begun(*words)]
        line = next(line for line in self.running[0].stderr or () if "Scheduler at:" in line)
        self.address = line.split("Scheduler at:")[1].strip()

    def begin_worker(self, cwd: Path = ROOT) -> None:
        where = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.running.append(begun("distributed.cli.dask_worker", self.address, *where, cwd=cwd))
        next(line for line in self.running[-1].stderr or () if "Registered to:" in line)

    def end(self) -> None:
        for process in reversed(self.running):
            process.terminate()
            process.communicate()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    yield made
    made.end()


def swept(home: Path, scheduler: str, *words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "app", "--home", home, "--json", "sweep", *words, "--engine", "dask"]
    command += ["--scheduler", scheduler, "--best", "0", "--grid", "enter=0.2,0.4", "cool_down=0,5"]
    return subprocess.run(
        [*map(str, command)], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )


def test_a_scheduler_without_a_worker_is_one_clear_error(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "trend.yaml").write_text(strategy_text(**LISTENS | {"terms": {"trend": TERMS["trend"]}}))
    data = save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 300))
    ran = swept(tmp_path / "home", cluster.address, tmp_path / "trend.yaml", "--data", data)
    assert ran.returncode == 2
    assert "has no worker" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_a_strategy_listens_to_goes_to_the_workers_and_each_combination_is_its_backtest(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_worker()
    cluster.begin_worker()
    candles = generate(BAR, 1e-8, 300)
    data, posts = (
        save_candles(tmp_path / "c.csv", candles),
        save_posts(tmp_path / "p.jsonl", chatter(candles, Random(3))),
    )
    (tmp_path / "mood.yaml").write_text(strategy_text(**LISTENS))
    ran = swept(tmp_path / "home", cluster.address, tmp_path / "mood.yaml", "--data", data, "--posts", posts)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["trials"], told["engine"], told["posts"]) == (4, "kernel", "recorded: p.jsonl")
    for result in told["results"]:
        strategy = strategy_with(**LISTENS | result["parameters"])
        statistics = Backtest(strategy, read_posts(posts)).run(Bars.of(candles), "c").statistics()
        assert (result["trades"], result["final_equity"]) == (statistics.trades, statistics.final_equity)
