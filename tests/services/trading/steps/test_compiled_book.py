"""The book compiled: the same equity, fills and prices bit by bit, with every kind of order, long and short."""

import subprocess
import sys
from array import array
from importlib.util import find_spec
from pathlib import Path

import pytest

from services.trading.steps import book_layout as at
from tests.support.books import KINDS, STATE, TOLD, new_book, run_book, terms_of
from tests.support.terms import recorded

ROOT = Path(__file__).parents[4]
FILE = "ETH-BTC_5m_2018-01"
PARTS = ("open", "high", "low", "close", "volume")
BARS = 3000

COMPILED = f"""
import sys
from pathlib import Path
import numba, numpy
from services.trading.kernel.compiling import prepare
prepare(Path(sys.argv[2]))
from tests.support.books import KINDS, STATE, TOLD, new_book, run_book, terms_of
from services.trading.steps import book_layout as at
from tests.support.terms import recorded

candles = recorded({FILE!r})[:{BARS}]
columns = [numpy.array([getattr(candle, part) for candle in candles]) for part in {PARTS!r}]
for kind in KINDS:
    for shorts in (False, True):
        told = numpy.zeros(TOLD * len(candles))
        rows = numpy.zeros(STATE), numpy.array(new_book(10.0)), numpy.array(terms_of(kind))
        run_book(*rows, numpy.zeros(at.FILL * at.MOST_FILLS), *columns, len(candles), shorts, told)
        Path(sys.argv[1], f"{{kind}} {{shorts}}").write_bytes(told.tobytes())
"""


def interpreted(kind: str, shorts: bool) -> "array[float]":
    candles = recorded(FILE)[:BARS]
    columns = [[getattr(candle, part) for candle in candles] for part in PARTS]
    told = array("d", bytes(8 * TOLD * len(candles)))
    rows = [0.0] * STATE, new_book(10.0), terms_of(kind), [0.0] * (at.FILL * at.MOST_FILLS)
    run_book(*rows, *columns, len(candles), shorts, told)
    return told


@pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: nothing compiles the book")
def test_a_compiled_book_gives_the_bits_of_an_interpreted_one(tmp_path: Path, compiled: Path) -> None:
    recorded(FILE)  # skips before the child is started where nothing is recorded
    command = [sys.executable, "-c", COMPILED, str(tmp_path), str(compiled)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for kind in KINDS:
        for shorts in (False, True):
            told = interpreted(kind, shorts)
            assert sum(told[1::TOLD]) > 50, "it trades"
            assert told.tobytes() == (tmp_path / f"{kind} {shorts}").read_bytes(), (kind, shorts)
