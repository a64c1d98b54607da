"""Steps compiled: the same bits, and no compiler unless a process asks for one."""

import subprocess
import sys
from array import array
from importlib.util import find_spec
from pathlib import Path

import pytest

from services.trading.steps import exponential
from services.trading.steps.compiled import use_compiler
from tests.support.terms import LOOPS, RECORDED, closes_and_volumes, recorded_values

ROOT = Path(__file__).parents[4]

PLAIN = """
import sys
import tests.support.terms
print([name for name in ("numba", "numpy", "pandas") if name in sys.modules])
"""

COMPILED = """
import sys
from pathlib import Path
import numba, numpy
from services.trading.kernel.compiling import prepare
prepare(Path(sys.argv[2]))
from tests.support.terms import LOOPS, RECORDED, SIZES, closes_and_volumes, run_over

assert run_over.__class__.__name__ == "CPUDispatcher", run_over
for name in RECORDED:
    closes, volumes = map(numpy.array, closes_and_volumes(name))
    for place, term in enumerate(LOOPS):
        values = numpy.zeros(len(closes))
        run_over(term, numpy.zeros(SIZES[term]), closes, volumes, values)
        Path(sys.argv[1], f"{name} {place}").write_bytes(values.tobytes())
"""


def child(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_steps_bring_in_no_compiler_by_themselves() -> None:
    assert child(PLAIN) == "[]"


def test_a_compiler_that_comes_after_the_steps_is_refused() -> None:
    assert exponential.ema.__class__.__name__ == "function"
    with pytest.raises(RuntimeError, match=r"services\.trading\.steps\.\S+ was imported before the compiler was set"):
        use_compiler(lambda function: function)


@pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: nothing compiles the steps")
def test_compiled_steps_give_the_bits_of_interpreted_ones(tmp_path: Path, compiled: Path) -> None:
    for name in RECORDED:
        closes_and_volumes(name)  # skips before the child is started where nothing is recorded
    child(COMPILED, str(tmp_path), str(compiled))
    for name in RECORDED:
        for place, term in enumerate(LOOPS):
            told = (tmp_path / f"{name} {place}").read_bytes()
            assert told == array("d", recorded_values(term, name)).tobytes(), (name, term)
