"""Runs the compiled kernel in a child interpreter, where alone it may be, and gives back what it found.

As a script it is that child: it reads pickled cases from a file and writes pickled findings to another.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def in_child(kept: Path, folder: Path, cases: Sequence[tuple[Any, Sequence[Any]]]) -> list[list[dict[str, Any]]]:
    """Of each case (bars, strategies) what the kernel finds for each strategy; ``kept`` has what is compiled."""
    given, found = folder / "given", folder / "found"
    given.write_bytes(pickle.dumps(list(cases)))
    command = [sys.executable, __file__, str(kept), str(given), str(found)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return pickle.loads(found.read_bytes())


def main() -> None:
    kept, given, found = map(Path, sys.argv[1:])
    sys.path.insert(0, str(ROOT))
    from services.trading.kernel.compiling import prepare

    prepare(kept)
    cases = pickle.loads(given.read_bytes())
    found.write_bytes(pickle.dumps([findings(*case) for case in cases]))


def findings(bars: Any, strategies: Sequence[Any]) -> list[dict[str, Any]]:
    from services.trading.kernel.decisions import Scores
    from services.trading.kernel.run import Kernel
    from services.trading.kernel.tape import Tape

    told = []
    for strategy, outcome in zip(strategies, Kernel(bars).outcomes(strategies, logs=True), strict=True):
        scores = Scores(Tape(bars, strategy.bar, strategy.max_missing))
        terms = {name: scores.values(term).tobytes() for name, term in strategy.weighed.items()}
        told.append({"outcome": outcome, "terms": terms})
    return told


if __name__ == "__main__":
    main()
