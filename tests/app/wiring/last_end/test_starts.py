"""Whether the program ended as it should is known only once all of its end is on disk."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.main import main
from services.core.store.backup import backup_to
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


def test_a_backup_that_was_made_while_the_program_ran_is_no_crash_once_it_is_put_back(
    mine: Mine, capsys: pytest.CaptureFixture[str]
) -> None:
    mine.start()
    copy = backup_to(mine.running.engine.store, mine.home.backups / "one.db")
    mine.stop()
    assert main(["restore", str(copy), "--home", str(mine.home.root)]) == 0
    assert "is now the store" in capsys.readouterr().out
    mine.start()
    assert (mine.running.started.clean, mine.running.started.crashes) == (True, 0)
