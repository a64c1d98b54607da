"""The ledger of trials: each combination on each set of bars counts once, for good."""

import sqlite3
from contextlib import closing
from pathlib import Path
from statistics import stdev
from threading import Thread

import pytest

from services.core.errors import UserError
from services.trading.candles import Bars
from services.trading.generated import generate
from services.trading.learning.families import combination_of, family_of, market_of
from services.trading.learning.grid import Candidates
from services.trading.learning.sweeps import SweptTrials, trials_of
from services.trading.learning.trials import Trial, TrialLedger
from services.trading.statistics.deflated import Trials
from services.trading.sweep.grid import grid_of
from services.trading.sweep.ground import Ground
from services.trading.sweep.part import INCREMENTAL, Part, run_part
from tests.support.candles import BAR
from tests.support.strategies import strategy_with


def swept(count: int, data: str = "bars") -> list[Trial]:
    return [Trial(f"{at:016x}", data, float(at)) for at in range(count)]


def test_a_trial_counts_once_however_often_it_is_repeated_and_after_every_restart(tmp_path: Path) -> None:
    path = tmp_path / "trials.db"
    assert TrialLedger(path).record("ETH/BTC", "macd_cross", swept(4)) == 4
    assert TrialLedger(path).record("ETH/BTC", "macd_cross", swept(6)) == 2
    assert TrialLedger(path).counted("ETH/BTC", "macd_cross") == Trials(6, stdev(range(6)))


def test_other_bars_are_other_trials_and_other_markets_and_families_count_apart(tmp_path: Path) -> None:
    ledger = TrialLedger(tmp_path / "trials.db")
    ledger.record("ETH/BTC", "macd_cross", swept(3))
    ledger.record("ETH/BTC", "macd_cross", swept(3, "other bars"))
    ledger.record("ADA/BTC", "macd_cross", swept(1))
    assert ledger.counted("ETH/BTC", "macd_cross").count == 6
    assert ledger.counted("ADA/BTC", "macd_cross") == Trials(1, 0.0)
    assert ledger.counted("ETH/BTC", "momentum") == Trials(0, 0.0)


def test_a_trial_without_a_sharpe_ratio_counts_and_spreads_nothing(tmp_path: Path) -> None:
    ledger = TrialLedger(tmp_path / "trials.db")
    ledger.record("ETH/BTC", "macd_cross", [*swept(2), Trial("f" * 16, "bars", None)])
    assert ledger.counted("ETH/BTC", "macd_cross") == Trials(3, stdev((0, 1)))


def test_two_sweeps_at_the_same_time_lose_none_and_double_none(tmp_path: Path) -> None:
    ledger = TrialLedger(tmp_path / "trials.db")
    sweeps = [Thread(target=ledger.record, args=("ETH/BTC", "macd_cross", swept(50))) for _ in range(4)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()
    assert ledger.counted("ETH/BTC", "macd_cross").count == 50


def test_nothing_was_tried_where_there_is_no_ledger_and_asking_makes_none(tmp_path: Path) -> None:
    assert TrialLedger(tmp_path / "trials.db").counted("ETH/BTC", "macd_cross") == Trials(0, 0.0)
    assert not (tmp_path / "trials.db").exists()


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / "trials.db").write_text("this is a text of some length, and no ledger at all" * 3)
    with pytest.raises(UserError, match=r"trials\.db: this is no ledger of trials"):
        TrialLedger(tmp_path / "trials.db").counted("ETH/BTC", "macd_cross")


def test_a_sweep_and_a_walk_forward_count_the_same_combination_once(tmp_path: Path) -> None:
    strategy, words = strategy_with(), ["macd.fast=8,12,30", "macd.slow=20:28:8", "stop.percent=1,2.5"]
    grid = grid_of(strategy, words)
    table = run_part(Part(grid, 0, len(grid), INCREMENTAL), Ground(Bars.of(generate(BAR, 1e-8, 120))))
    swept = list(trials_of(grid, table, "bars"))
    walked = list(Candidates.of(grid).combinations())
    assert walked == [combination_of(each) for each in Candidates.of(grid)]
    assert len(swept) == len(walked) == 8
    assert sorted(trial.combination for trial in swept) == sorted(walked)
    ledger = TrialLedger(tmp_path / "trials.db")
    assert ledger.record("ETH/BTC", "macd_cross", swept) == 8
    assert ledger.record("ETH/BTC", "macd_cross", (Trial(each, "bars", 0.0) for each in walked)) == 0


def test_what_is_tried_on_generated_candles_counts_apart_from_the_market(tmp_path: Path) -> None:
    strategy, ledger = strategy_with(), TrialLedger(tmp_path / "trials.db")
    grid = grid_of(strategy, ["macd.fast=8,12"])
    table = run_part(Part(grid, 0, len(grid), INCREMENTAL), Ground(Bars.of(generate(BAR, 1e-8, 120))))
    counts = {}
    for label in ("generated", "recorded: m.csv", "recorded: n.csv", "live: test"):
        trials = SweptTrials(ledger, grid, label, f"digest of {label}")
        trials.add(table)
        counts[label] = trials.count()
    assert counts == {"generated": 2, "recorded: m.csv": 2, "recorded: n.csv": 4, "live: test": 6}
    assert ledger.counted("ETH/BTC", "macd_cross").count == 6
    assert ledger.counted(market_of(strategy, "generated"), "macd_cross").count == 2


def test_a_ledger_of_an_earlier_version_goes_on_and_an_earlier_version_reads_what_is_added(tmp_path: Path) -> None:
    """As the first release wrote it, and by what it asked."""
    with closing(sqlite3.connect(tmp_path / "trials.db")) as old:
        old.executescript(FIRST_RELEASE)
        old.commit()
    ledger, strategy = TrialLedger(tmp_path / "trials.db"), strategy_with()
    assert ledger.counted("ETH/BTC", "macd_cross").count == 1
    ledger.record(market_of(strategy, "generated"), "macd_cross", swept(3))
    ledger.record(market_of(strategy, "recorded: m.csv"), "macd_cross", swept(2, "other bars"))
    with closing(sqlite3.connect(tmp_path / "trials.db")) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)
        assert old.execute(FIRST_ASKED, ("ETH/BTC", "macd_cross")).fetchone() == (3,)


FIRST_RELEASE = """
CREATE TABLE searched (id INTEGER PRIMARY KEY, market TEXT NOT NULL, family TEXT NOT NULL, data TEXT NOT NULL,
    UNIQUE (market, family, data));
CREATE TABLE trials (searched INTEGER NOT NULL, combination BLOB NOT NULL, sharpe REAL,
    PRIMARY KEY (searched, combination)) WITHOUT ROWID;
INSERT INTO searched VALUES (1, 'ETH/BTC', 'macd_cross', 'bars');
INSERT INTO trials VALUES (1, x'0000000000000001', 0.5);
PRAGMA user_version = 1;
"""
FIRST_ASKED = (
    "SELECT COUNT(*) FROM trials JOIN searched ON searched.id = trials.searched WHERE market = ? AND family = ?"
)


def test_a_combination_is_what_decides_and_a_family_the_kinds_of_its_terms() -> None:
    plain = strategy_with()
    assert combination_of(plain) == combination_of(plain.model_copy(update={"name": "other", "data": "x.csv"}))
    assert combination_of(plain) != combination_of(strategy_with(cool_down=3))
    assert family_of(plain) == family_of(strategy_with(macd={"fast": 5, "slow": 20})) == "macd_cross"
    terms = {
        "b": {"kind": "volume"},
        "a": {"kind": "momentum"},
        "c": {"kind": "momentum", "bars": 5},
    }
    assert family_of(strategy_with(macd=None, entry=None, exit=-0.5, terms=terms)) == "momentum+volume"
