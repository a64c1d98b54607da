"""A walk forward as a process: in an interpreter of its own, since it gives way to everything from its start on."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.core.process import ConfigurationFault
from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.learning import walk_process
from services.trading.learning.evaluating import OneByOne
from services.trading.learning.events import WalkedForward
from services.trading.learning.search import Search, Wanted
from services.trading.learning.trials import TrialLedger
from tests.support.candles import BAR, save_candles
from tests.support.host import MemoryHost, told
from tests.support.strategies import strategy_text, strategy_with

CODE = """
import json, os, sys
from services.trading.learning.walk_process import WalkForwardRun
from tests.support.host import MemoryHost
host = MemoryHost()
host.run(WalkForwardRun(**json.loads(sys.argv[1])), "walk")
(event,) = host.events
print(json.dumps({"event": json.loads(event.encode()), "done": host.progress.done, "nice": os.getpriority(0, 0)}))
"""
GRID = ("macd.fast=6,12",)


@pytest.mark.skipif(sys.platform == "win32", reason="a class of priority there, and no number")
def test_it_tells_what_the_command_line_would_and_counts_the_same_trials(tmp_path: Path) -> None:
    candles = generate(BAR, 1e-8, 600)
    rows = [f"{c.time.isoformat()},{c.open!r},{c.high!r},{c.low!r},{c.close!r},{c.volume!r}" for c in candles]
    (tmp_path / "c.csv").write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    coarse = {"data": "c.csv", "market": {"tick": 3e-7}}
    (tmp_path / "s.yaml").write_text(strategy_text(**coarse))
    given = {"strategy": str(tmp_path / "s.yaml"), "grid": GRID, "windows": 2, "data": str(tmp_path)}
    words = [sys.executable, "-c", CODE, json.dumps({**given, "trials": str(tmp_path / "trials.db")})]
    ran = subprocess.run(words, cwd=Path(__file__).parents[4], capture_output=True, text=True, timeout=600, check=True)
    said = json.loads(ran.stdout)
    search = Search.of(strategy_with(**coarse), Wanted(GRID, windows=2), Bars.of(candles), "recorded: c.csv")
    here = search.run(OneByOne(), tmp_path / "trials.db", lambda count: None)
    assert (said["event"]["challenger"], said["event"]["windows"]) == (here["challenger"], 2)
    assert said["event"]["sharpe"] == here["out_of_sample"]["sharpe"]
    assert said["event"]["notes"] == here["notes"] != []
    assert (said["event"]["trials"], said["done"], said["nice"]) == (2, 6, 19)
    assert TrialLedger(tmp_path / "trials.db").counted("ETH/BTC", "macd_cross").count == 2


def test_a_limit_that_is_priced_anew_within_a_bar_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_process, "lowest", lambda: None)  # this interpreter has other tests to run
    (tmp_path / "s.yaml").write_text(strategy_text(data="generated", execution={"limit": {"reprice_after": "20s"}}))
    walk = walk_process.WalkForwardRun(str(tmp_path / "s.yaml"), list(GRID), str(tmp_path / "trials.db"))
    with pytest.raises(ConfigurationFault, match=r"s\.yaml:\d+:\d+: execution\.limit\.reprice_after is 20s, shorter"):
        MemoryHost().run(walk, "walk")


def test_it_asks_the_plug_ins_that_may_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_process, "lowest", lambda: None)
    (tmp_path / "mine.py").write_text(
        "def term(bars):\n    return [(-1.0) ** (bar // 9) for bar in range(len(bars.closes))]\n"
    )
    terms = {"mine": {"kind": "plugin", "file": "mine.py", "looks_back": 10}}
    (tmp_path / "s.yaml").write_text(
        strategy_text(macd=None, entry=None, exit=-0.1, enter=0.3, terms=terms, data="c.csv")
    )
    save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 400))
    given = {"strategy": str(tmp_path / "s.yaml"), "grid": ["enter=0.2,0.4"], "windows": 2, "data": str(tmp_path)}
    given |= {"trials": str(tmp_path / "trials.db"), "plugins": str(tmp_path), "cache": str(tmp_path / "terms")}
    with pytest.raises(ConfigurationFault, match=r"its plug-ins \(mine\.py\) may not run here"):
        MemoryHost().run(walk_process.WalkForwardRun(**given), "walk")
    host = MemoryHost()
    sha = hashlib.sha256((tmp_path / "mine.py").read_bytes()).hexdigest()
    host.run(walk_process.WalkForwardRun(**given, approved={"mine.py": sha}), "walk")
    assert len(told(host, WalkedForward)) == 1
