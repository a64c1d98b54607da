"""Sweeps for a page: what they cannot do is told before anything is compiled, and what they try is counted."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
from PyQt6.QtCore import QObject, pyqtSignal

from app.paths import Home
from app.runtime.desk.sweeps import AsksForSweeps, Sweeps
from services.trading.generated import generate
from services.trading.learning.families import family_of
from services.trading.learning.trials import TrialLedger
from services.trading.strategy import load_strategy
from services.trading.sweep import sweep as sweeping
from services.trading.sweep.ordered import SweepFound, SweepOrder
from tests.support.candles import BAR, candles_of, save_candles
from tests.support.strategies import REFUSED_ON_CANDLES, strategy_text


class Asks(QObject):
    """What a page has, without the page."""

    sweep_wanted = pyqtSignal(object)
    sweep_unwanted = pyqtSignal()
    handed = pyqtSignal(object)
    told = pyqtSignal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.handed.connect(lambda call: call(""))

    def show_sweep_progress(self, part: float) -> None:
        assert 0 <= part <= 1

    def show_sweep(self, order: SweepOrder, found: SweepFound | None, error: str) -> None:
        self.told.emit(found, error)


@pytest.fixture
def page(qapp) -> Asks:
    return Asks()


@pytest.fixture
def sweeps(page, tmp_path):
    """With workers as the program has them: threads of a pool."""
    home = Home(tmp_path / "home", "--home")
    home.create()
    with ThreadPoolExecutor(1) as pool:
        workers = SimpleNamespace(start=lambda _name, work: pool.submit(work))
        program = SimpleNamespace(engine=SimpleNamespace(workers=workers), home=home)
        desk = SimpleNamespace(program=program, hand_over=lambda call, _text: page.handed.emit(call))
        yield Sweeps(page, desk)


@pytest.mark.parametrize(
    ("axes", "told"),
    [
        (("macd.fast",), "names no key with its values"),
        (("macd.fast=6:13", "macd.fast=6,7"), "macd.fast is given twice"),
        (("macd.fast=1:5000", "macd.slow=5001:9000"), "combinations"),
    ],
)
def test_axes_that_cannot_be_are_told(qtbot, page, sweeps, tmp_path: Path, axes, told):
    assert isinstance(page, AsksForSweeps)
    path = tmp_path / "swept.yaml"
    path.write_text(strategy_text(data="generated"), encoding="utf-8")
    with qtbot.waitSignal(page.told, timeout=30_000) as answer:
        page.sweep_wanted.emit(SweepOrder(str(path), "", None, axes))
    found, error = answer.args
    assert found is None
    assert told in error
    sweeps.beat()


@pytest.mark.parametrize(("changes", "told"), REFUSED_ON_CANDLES)
def test_what_the_command_line_refuses_is_refused_with_the_same_words(qtbot, page, sweeps, tmp_path, changes, told):
    path = tmp_path / "swept.yaml"
    path.write_text(strategy_text(**changes, data="few.csv"), encoding="utf-8")
    save_candles(tmp_path / "few.csv", candles_of([100.0] * 30))
    with qtbot.waitSignal(page.told, timeout=30_000) as answer:
        page.sweep_wanted.emit(SweepOrder(str(path), str(tmp_path), None, ("enter=0.2,0.3",)))
    assert answer.args[0] is None
    assert re.search(told, answer.args[1])
    assert sweeps is not None


def test_a_file_that_is_gone_is_told(qtbot, page, sweeps, tmp_path):
    with qtbot.waitSignal(page.told, timeout=30_000) as answer:
        page.sweep_wanted.emit(SweepOrder(str(tmp_path / "none.yaml"), "", None, ("macd.fast=6:13",)))
    assert answer.args[0] is None
    assert "none.yaml" in answer.args[1]
    assert sweeps is not None


def test_each_combination_counts_as_tried_for_good(qtbot, page, sweeps, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(sweeping, "unfit", lambda strategy: ("cool_down",))  # which is not compiled first
    path, data = tmp_path / "swept.yaml", tmp_path / "data"
    data.mkdir()
    save_candles(data / "few.csv", generate(BAR, 1e-8, 300))
    path.write_text(strategy_text(data="few.csv"), encoding="utf-8")
    with qtbot.waitSignal(page.told, timeout=60_000) as answer:
        page.sweep_wanted.emit(SweepOrder(str(path), str(data), None, ("cool_down=0,3,5",)))
    found, error = answer.args
    assert (found is not None, error) == (True, "")
    strategy = load_strategy(path)
    kept = TrialLedger(tmp_path / "home" / "trials.db").counted(strategy.market.symbol, family_of(strategy))
    assert kept.count == 3
    assert "numba" not in sys.modules, "it is the children's"


@pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")
def test_the_compiler_is_never_in_this_process_and_the_notes_come_along(qtbot, page, sweeps, tmp_path, compiled):
    (tmp_path / "home" / "compiled").symlink_to(compiled)
    path, data = tmp_path / "swept.yaml", tmp_path / "data"
    data.mkdir()
    save_candles(data / "XRP-ETH_5m.csv", generate(BAR, 1e-8, 300))
    path.write_text(strategy_text(data="XRP-ETH_5m.csv", market={"kind": "perpetual"}), encoding="utf-8")
    with qtbot.waitSignal(page.told, timeout=90_000) as answer:
        page.sweep_wanted.emit(SweepOrder(str(path), str(data), None, ("macd.fast=6,9", "stop.percent=98,99")))
    found, error = answer.args
    assert (found.engine, error) == ("kernel", "")
    assert not {"numba", "llvmlite"} & set(sys.modules), "they are the children's"
    other, funding = found.notes
    assert other.startswith("by its name XRP-ETH_5m.csv is of XRP/ETH, and what is found in it counts for ETH/BTC")
    assert funding.startswith("funding not included")
    assert [each.alike for each in found.best] == [1, 1], "no stop is met"
    assert sweeps is not None
