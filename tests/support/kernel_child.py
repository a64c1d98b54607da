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


def in_child(kept: Path, folder: Path, cases: Sequence[tuple[Any, ...]]) -> list[list[dict[str, Any]]]:
    """Of each case (bars, strategies, what is known beside those bars, a window of them) what the kernel finds for each
    strategy; ``kept`` has what is compiled."""
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


def findings(bars: Any, strategies: Sequence[Any], side: Any, window: range) -> list[dict[str, Any]]:
    from services.trading.kernel.beside import Beside
    from services.trading.kernel.decisions import Scores
    from services.trading.kernel.run import Kernel, over_window
    from services.trading.kernel.tape import tape_of

    told = []
    beside = Beside(bars, side)
    windows = over_window(bars, beside, strategies, window)
    outcomes = Kernel(bars, beside).outcomes(strategies, logs=True)
    for strategy, outcome, within in zip(strategies, outcomes, windows, strict=True):
        scores = Scores(tape_of(bars, strategy.bar, strategy.max_missing), beside)
        terms = {name: scores.values(strategy, name).tobytes() for name in strategy.weighed}
        told.append({"outcome": outcome, "terms": terms, "window": within})
    return told


if __name__ == "__main__":
    main()
