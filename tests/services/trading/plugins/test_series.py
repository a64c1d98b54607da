"""The user's own terms: run in a real child, checked, kept by file and data, and never ahead of their bar."""

import hashlib
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.yamlfile import parse_model
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.plugins.series import PluginTerms, Series
from services.trading.scoring.scorer import Scorer
from services.trading.strategy import Strategy
from tests.support.candles import BAR
from tests.support.strategies import strategy_text

RISES = """
def term(bars):
    "The share of the last ten bars that rose."
    rose = [later > earlier for earlier, later in zip(bars.closes, bars.closes[1:])]
    return [float('nan')] * min(10, len(bars.closes)) + [
        2 * sum(rose[bar - 10 : bar]) / 10 - 1 for bar in range(10, len(bars.closes))
    ]
"""


@dataclass
class Home:
    """A folder of plug-ins, each approved as it lies there."""

    root: Path
    bars: Bars = field(default_factory=lambda: Bars.of(generate(BAR, 1e-8, 400)))

    def write(self, source: str) -> "Home":
        (self.root / "plugins").mkdir(exist_ok=True)
        (self.root / "plugins" / "mine.py").write_text(source)
        return self

    def approved(self, file: str) -> str:
        return hashlib.sha256((self.root / "plugins" / file).read_bytes()).hexdigest()

    def series(self, **term: Any) -> Series:
        terms = PluginTerms(self.root / "plugins", self.root / "cache", self.approved, SystemClock())
        return terms.series(strategy(**term), self.bars)

    def refusal(self, source: str, **term: Any) -> str:
        with pytest.raises(UserError) as told:
            self.write(source).series(**term)
        return str(told.value).replace(f"{self.root / 'plugins'}/", "")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def strategy(**term: Any) -> Strategy:
    plugin = {"kind": "plugin", "file": "mine.py", "looks_back": 10, **term}
    terms = {"macd": None, "entry": None, "exit": -0.3, "enter": 0.3, "terms": {"mine": plugin}}
    return parse_model(strategy_text(data="generated", **terms), Strategy, "s.yaml")


def test_what_it_says_is_the_terms_value_at_each_bar(home: Home) -> None:
    said = home.write(RISES).series().values["mine"]
    closes = home.bars.closes
    rose = sum(closes[bar] > closes[bar - 1] for bar in range(91, 101))
    assert said[home.bars.times[100]] == 2 * rose / 10 - 1
    assert math.isnan(said[home.bars.times[9]])


def test_a_backtest_trades_by_it_and_its_version_is_of_the_file_too(home: Home) -> None:
    series = home.write(RISES).series()
    result = Backtest(strategy(), series=series).run(home.bars, "generated")
    assert len(result.fills) > 4
    for fill, evidence in zip(result.fills, result.evidence, strict=True):
        assert evidence["mine"] == series.values["mine"][home.bars.times[fill.bar - 1]]
    other = Backtest(strategy(), series=home.write(RISES + "\n# another\n").series()).run(home.bars, "generated")
    assert (other.fills, other.version != result.version) == (result.fills, True)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "def term(bars):\n    return [1.0 if c > bars.closes[-1] else -1.0 for c in bars.closes]\n",
            "looks ahead: at bar",
        ),
        ("def term(bars):\n    return [2.0] * len(bars.closes)\n", "at bar 0 it says 2.0, no number from -1 to 1"),
        ("def term(bars):\n    return ['a'] * len(bars.closes)\n", "at bar 0 it says 'a', no number"),
        ("def term(bars):\n    return [0.0]\n", "it says 1 numbers of 400 bars"),
        ("def term(bars):\n    return 1 / 0\n", "mine.py:2: term: it raised ZeroDivisionError: division by zero"),
        ("def term(bars:\n", "mine.py:1: term: it raised SyntaxError"),
        ("def another(bars):\n    return []\n", "it has no function term(bars)"),
        ("import os\ndef term(bars):\n    os._exit(0)\n", "it ended its interpreter"),
    ],
)
def test_what_is_no_term_is_refused_with_the_reason(home: Home, source: str, told: str) -> None:
    assert told in home.refusal(source)


AHEAD = """
def term(bars):
    "It sees three bars ahead where there are so many."
    later = bars.closes[3:] + bars.closes[-1:] * 3
    return [0.5 if after > now else -0.5 for now, after in zip(bars.closes, later)]
"""


def test_one_that_looks_a_little_ahead_is_found_out_by_the_last_bars_of_a_prefix(home: Home) -> None:
    told = re.search(r"it looks ahead: at bar (\d+) it says \S+ of (\d+) bars", home.refusal(AHEAD))
    assert told
    assert int(told[2]) - 3 <= int(told[1]) < int(told[2])


def test_one_that_is_late_has_the_strategy_hold_and_the_result_says_so(home: Home) -> None:
    series = home.write("import time\ndef term(bars):\n    time.sleep(600)\n").series(deadline="1s")
    result = Backtest(strategy(), series=series).run(home.bars, "generated")
    assert not result.fills
    assert result.notes[-1].startswith("terms.mine did not answer within 1 s: the strategy held")
    assert not list(home.root.glob("cache/*")), "it is asked again"


def test_what_it_said_is_kept_by_its_file_and_its_data(home: Home) -> None:
    counted = f"open({str(home.root / 'runs')!r}, 'a').write('x')\n"
    first = home.write(counted + RISES).series()
    again = home.series()
    assert {time: repr(value) for time, value in again.values["mine"].items()} == {
        time: repr(value) for time, value in first.values["mine"].items()
    }
    assert (home.root / "runs").read_text() == "x", "it was run once"
    home.bars = Bars.of(generate(BAR, 1e-8, 401))
    home.series()
    home.write(counted + RISES + "\n").series()
    assert (home.root / "runs").read_text() == "xxx", "other candles and another file are asked for anew"


def test_its_child_sees_no_secret_and_nothing_of_ours(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMSCAPE_TRADING__API_KEY", "k")
    monkeypatch.setenv("MY_TOKEN", "t")
    seen = home.root / "seen"
    home.write(
        f"import os, sys\nopen({str(seen)!r}, 'w').write(' '.join([*os.environ, *sys.modules]))\n{RISES}"
    ).series()
    assert not {"DREAMSCAPE_TRADING__API_KEY", "MY_TOKEN", "services", "PyQt6"} & set(seen.read_text().split())


def test_a_changed_file_is_not_run(home: Home) -> None:
    home.write(RISES)
    version = home.approved("mine.py")
    home.write(RISES.replace("ten", "last"))
    terms = PluginTerms(home.root / "plugins", home.root / "cache", lambda file: version, SystemClock())
    with pytest.raises(UserError, match="it is not the version that was approved"):
        terms.series(strategy(), home.bars)


def test_without_what_it_says_such_a_strategy_is_refused_rather_than_run_without_data() -> None:
    with pytest.raises(UserError, match=r"its terms of plug-ins \(mine\.py\) were not asked here"):
        Backtest(strategy())


def test_until_it_has_data_the_term_abstains(home: Home) -> None:
    rule = Scorer(strategy(), home.write(RISES).series())
    for candle in list(home.bars.candles())[:5]:
        rule.update(candle)
    assert rule.because()["mine"] == "no data"
    assert rule.asks == (0.0, False, False)
