"""One process at a time: a real one that holds the file, and is killed."""

import subprocess
import sys
from pathlib import Path

from services.core.clock import SystemClock
from services.core.file_turn import turn

ROOT = Path(__file__).parents[3]
HOLDS = """
import sys
from pathlib import Path
from services.core.clock import SystemClock
from services.core.file_turn import turn

with turn(Path(sys.argv[1]), SystemClock(), 0) as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


def test_whoever_comes_second_waits_no_longer_than_it_will_and_has_its_turn_once_the_first_is_killed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "turn"
    words = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(words, cwd=ROOT, stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with turn(path, SystemClock(), 0.3) as mine:
            assert not mine
        holder.kill()
        with turn(path, SystemClock(), 30) as mine:
            assert mine
    with turn(path, SystemClock(), 0) as mine:
        assert mine, "who leaves leaves it to others"
