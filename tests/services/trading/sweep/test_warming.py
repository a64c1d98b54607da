"""The kernel is compiled once for all, by real processes in a real folder."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.file_turn import turn
from services.trading.kernel.compiling import is_kept
from services.trading.sweep.warming import TURN

pytestmark = pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")
ROOT = Path(__file__).parents[4]
WARM = """
import sys
from pathlib import Path
from services.trading.sweep.warming import warm

warm(Path(sys.argv[1]), float(sys.argv[2]))
"""
GO_ON = """
from services.trading.kernel.whole import compile_whole
from tests.services.trading.kernel.test_run import CASES, WINDOW, beside, made_up, strategy_with
from tests.support.compiled_anew import at_hand
from tests.support.kernel_child import findings

compile_whole()
before, bars = at_hand(), made_up(1)
findings(bars, [strategy_with(**each) for each in CASES.values()], beside(bars, 1), WINDOW)
print(before, at_hand())
"""


def child(code: str, *words: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_once_it_is_warm_nothing_that_a_strategy_can_say_is_compiled_any_more(compiled: Path) -> None:
    before, after = child(WARM + GO_ON, str(compiled), "600").split()
    assert int(before) == int(after) > 10
    assert is_kept(compiled)


def test_who_waits_too_long_for_another_compiles_for_itself_and_keeps_nothing_in_its_folder(tmp_path: Path) -> None:
    with turn(tmp_path / TURN, SystemClock(), 0) as mine:
        assert mine
        child(WARM + "from services.trading.kernel.trading import ended\nended(__import__('numpy').zeros(12), 3)",
              str(tmp_path), "0.2")  # fmt: skip
    assert [each.name for each in tmp_path.rglob("*")] == [TURN]
    assert not is_kept(tmp_path)
