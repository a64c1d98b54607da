"""Whether the program ended as it should is known only once all of its end is on disk."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.own import Mine

ROOT = Path(__file__).parents[4]
ENDS = """
import sys
from pathlib import Path
import app.wiring.own_files.files
from app.paths import Home
from app.program import Program
app.wiring.own_files.files.DEFAULTS = Path(sys.argv[1]).parent / "no-defaults"
program = Program(Home(Path(sys.argv[1])), {})
program.run_steps()
program.close()
"""


@pytest.mark.parametrize("fault, code, clean", [("engine.runs_ended:kill", -signal.SIGKILL, False), ("", 0, True)])
def test_an_end_is_clean_only_where_nothing_killed_it_on_its_way(
    mine: Mine, fault: str, code: int, clean: bool
) -> None:
    env = os.environ | {"DREAMSCAPE_FAULTS": fault}
    ended = subprocess.run([sys.executable, "-c", ENDS, str(mine.home.root)], cwd=ROOT, env=env, timeout=60)
    assert ended.returncode == code
    mine.start()
    assert (mine.running.started.clean, mine.running.started.crashes) == (clean, 0 if clean else 1)
