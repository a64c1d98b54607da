"""`dreamscape walk-forward`, in real children, on generated candles."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from app.cli.main import main
from app.paths import Home
from app.wiring.plans.learning_at_home import WalkForwardAtHome
from services.trading.generated import generate
from services.trading.learning import walk_process
from services.trading.learning.events import WalkedForward
from services.trading.learning.trials import TrialLedger
from tests.support.approvals import approve
from tests.support.candles import BAR
from tests.support.host import MemoryHost
from tests.support.posts import chatter, record_posts, save_posts
from tests.support.strategies import strategy_text

GRID = ("--grid", "macd.fast=8,12", "macd.slow=20,26")


def save_candles(path: Path, count: int) -> Path:
    rows = [
        f"{c.time.isoformat()},{c.open!r},{c.high!r},{c.low!r},{c.close!r},{c.volume!r}"
        for c in generate(BAR, 1e-8, count)
    ]
    path.write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    return path


@pytest.fixture
def walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    candles = save_candles(tmp_path / "c.csv", 600)
    (tmp_path / "s.yaml").write_text(strategy_text())

    def run(*words: str, json_too: bool = True, strategy: object = tmp_path / "s.yaml") -> tuple[int, Any, str]:
        given = ["--home", str(tmp_path / "home"), *(["--json"] if json_too else [])]
        code = main([*given, "walk-forward", str(strategy), "--data", str(candles), *words])
        out, err = capsys.readouterr()
        return code, json.loads(out) if json_too and out else out, err

    return run


def test_it_tells_each_window_the_whole_and_counts_every_combination_once(walk: Any, tmp_path: Path) -> None:
    code, told, _ = walk(*GRID, "--windows", "2")
    assert code == 0
    assert [set(window["parameters"]) for window in told["windows"]] == [{"macd.fast", "macd.slow"}] * 2
    assert told["embargo_bars"] == 26
    assert told["windows"][0]["test"]["first"] == told["out_of_sample"]["equity"][0]["time"]
    assert 0 <= told["out_of_sample"]["deflated_sharpe"] <= 1
    assert told["trials"]["counted"] == 4
    code, text, _ = walk(*GRID, "--windows", "2", "--anchored", json_too=False)
    assert (code, "2 anchored windows" in text, "Tried so far on ETH/BTC: 4 combinations" in text) == (0, True, True)
    assert TrialLedger(Home(tmp_path / "home").trials).counted("ETH/BTC", "macd_cross").count == 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--grid", "macd.fsat=8,12"), "macd.fsat is no number of the strategy. Did you mean macd.fast?"),
        (("--grid", "stop.percent=200"), "stop.percent is 200, and should be less than 100"),
        (("--grid", "a=1:1000", "b=1:1000", "c=1:1000"), "1,000,000,000 combinations"),
        ((*GRID, "--posts", "p.jsonl"), "no term of it listens to posts"),
        ((*GRID, "--by", "luck"), "nothing is chosen by 'luck'"),
        ((*GRID, "--windows", "5000"), "do not make 5,000 windows"),
        ((*GRID, "--windows", "60"), "a training has"),
        (("--grid", "macd.slow=9000"), "600 bars do not make 6 windows with an embargo of 9,000"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_counts_nothing(
    walk: Any, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    code, _, err = walk(*words)
    assert code == 2
    assert told in err
    assert err.count("\n") == 1
    assert not Home(tmp_path / "home").trials.exists()


def test_what_it_chose_becomes_a_process_in_the_strategys_shadow(walk: Any, tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    code, told, err = walk("--grid", "macd.fast=5,8", "--windows", "2", "--shadow", "beside")
    assert (code, told, "it is none of your strategies" in err) == (2, "", True), "before anything is gone through"
    own = home.strategies / "trading" / "s.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(strategy_text(data="later*.csv"))
    home.settings.write_text(f'[trading]\ndata = "{tmp_path.as_posix()}"\n')
    save_candles(tmp_path / "later.csv", 700)
    code, told, _ = walk("--grid", "macd.fast=5,8", "--windows", "2", "--shadow", "beside", strategy="s")
    assert code == 0
    written = yaml.safe_load((home.processes / "beside.yaml").read_text())
    assert written["kind"] == "trading.shadow"
    for name, why in (("beside", "a process is called 'beside' already"), ("a/b", "cannot be called 'a/b': a name")):
        code, none, err = walk("--grid", "macd.fast=5,8", "--windows", "2", "--shadow", name, strategy="s")
        assert (code, none, why in err, err.count("\n")) == (2, "", True, 1)
    assert written["with"]["challenger"] == told["challenger"]
    assert (written["with"]["windows"], written["with"]["until"]) == (2, told["last"])
    assert written["with"]["shape"] == told["out_of_sample"]["shape"]
    code, told, err = walk("--grid", "macd.fast=12", "--windows", "2", "--shadow", "again", strategy="s")
    assert (code, "it chose what the strategy has already" in err) == (2, True)
    assert (len(told["windows"]), told["shadow"]) == (2, None), "the report stands, and no shadow runs"
    assert told["shadow_why"] in err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            "generated",
            "on generated candles, for the strategy asks for it, and it was chosen on recorded: c.csv",
        ),
        ("c*.csv", "no candle of its strategy (recorded: c.csv) is later than "),
    ],
)
def test_a_shadow_on_other_candles_or_on_none_is_refused(walk: Any, tmp_path: Path, data: str, told: str) -> None:
    home = Home(tmp_path / "home").create()
    own = home.strategies / "trading" / "s.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(strategy_text(data=data))
    home.settings.write_text(f'[trading]\ndata = "{tmp_path.as_posix()}"\n')
    code, _, err = walk("--grid", "macd.fast=5,8", "--windows", "2", "--shadow", "beside", strategy="s")
    assert (code, told in err) == (2, True), err
    assert not (home.processes / "beside.yaml").exists()


TERMS = {"trend": {"kind": "momentum", "bars": 12}, "level": {"kind": "sentiment", "window": 6, "full": 0.5}}
OWN: dict[str, Any] = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "social_alone": True}


def test_a_strategy_that_listens_goes_forward_over_its_posts(walk: Any, tmp_path: Path) -> None:
    (tmp_path / "mood.yaml").write_text(strategy_text(**OWN, terms=TERMS))
    words = ("--grid", "terms.level.window=3,6", "--windows", "2")
    code, _, err = walk(*words, strategy=tmp_path / "mood.yaml")
    assert (code, "this home has recorded none. Name a file with --posts FILE." in err) == (2, True)
    posts = save_posts(tmp_path / "p.jsonl", chatter(generate(BAR, 1e-8, 600), Random(3)))
    words = (*words, "--posts", str(posts))
    code, told, _ = walk(*words, strategy=tmp_path / "mood.yaml")
    assert (code, told["posts"], told["trials"]["counted"]) == (0, "recorded: p.jsonl", 2)
    assert told["out_of_sample"]["trades"] > 2
    _, text, _ = walk(*words, strategy=tmp_path / "mood.yaml", json_too=False)
    assert "Posts, recorded: p.jsonl" in text
    other = save_posts(tmp_path / "q.jsonl", chatter(generate(BAR, 1e-8, 600), Random(4)))
    _, told, _ = walk(*words[:-1], str(other), strategy=tmp_path / "mood.yaml")
    assert told["trials"]["counted"] == 4, "on other posts it is another trial"


def test_one_with_a_term_of_a_plug_in_goes_forward_by_what_that_says(walk: Any, tmp_path: Path) -> None:
    term = {"kind": "plugin", "file": "mine.py", "looks_back": 10}
    (tmp_path / "asks.yaml").write_text(strategy_text(**OWN, terms={"mine": term}))
    approve(tmp_path / "home", "mine.py")
    code, told, _ = walk("--grid", "enter=0.2,0.6", "--windows", "2", strategy=tmp_path / "asks.yaml")
    assert (code, told["trials"]["counted"]) == (0, 2)
    assert told["out_of_sample"]["trades"] > 2


def test_what_is_wrong_is_said_in_the_name_of_this_command(walk: Any) -> None:
    assert walk(*GRID, strategy="macd-eth")[2].startswith("walk-forward: there is no strategy called macd-eth. Did you")


def test_command_and_process_of_one_home_hear_the_same_posts_and_choose_the_same(
    walk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk_process, "lowest", lambda: None)  # this interpreter has other tests to run
    home = Home(tmp_path / "home").create()
    (tmp_path / "mood.yaml").write_text(strategy_text(**OWN, terms={"level": TERMS["level"]}, data="c.csv"))
    record_posts(home.store, chatter(generate(BAR, 1e-8, 600), Random(3))[::4])
    grid = ("terms.level.weight=2,1,3", "terms.level.window=3,6")  # of one term alone, no weight matters
    code, told, _ = walk("--grid", *grid, "--windows", "2", strategy=tmp_path / "mood.yaml")
    assert (code, told["posts"]) == (0, "recorded: this home's journal")
    assert told["out_of_sample"]["trades"] > 2
    host = MemoryHost()
    given = {"data": str(tmp_path), "trials": str(home.trials), "store": str(home.store), "windows": 2}
    host.run(WalkForwardAtHome(str(tmp_path / "mood.yaml"), list(grid), **given), "walk")
    (walked,) = host.events
    assert isinstance(walked, WalkedForward)
    assert walked.challenger == told["challenger"]
    assert walked.sharpe == told["out_of_sample"]["sharpe"]
    assert walked.trials == told["trials"]["counted"] == 6, "the same bars and posts, so no trial is another one"


def test_it_tells_the_conventions_and_what_the_money_leaves_out(walk: Any, tmp_path: Path) -> None:
    (tmp_path / "future.yaml").write_text(strategy_text(market={"kind": "perpetual", "tick": 3e-7}))
    words = {"strategy": tmp_path / "future.yaml"}
    told = walk("--grid", "macd.fast=8,12", "--windows", "2", **words)[1]
    assert told["conventions"]["market.kind"] == "perpetual"
    assert told["conventions"]["macd.slow"] == 26
    assert "macd.fast" not in told["conventions"], "it is swept"
    funding, ticks = told["notes"]
    assert funding.startswith("funding not included")
    assert "opens lie between ticks of 3e-07" in ticks
    text = walk("--grid", "macd.fast=8,12", "--windows", "2", json_too=False, **words)[1]
    assert f"Note: {funding}\nNote: {ticks}\n" in text
