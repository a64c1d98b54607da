"""What a start must not load before it has something to show."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FEEDS = {"ccxt", "openai", "tweepy", "numba", "vaderSentiment", "pyarrow", "pandas"}
STORE = {"sqlalchemy", "alembic", "apscheduler"}
WINDOW = {"pydantic", "pydantic_settings", "tomlkit", "pyqtgraph", "numpy", "qasync", "rich"}


@pytest.mark.parametrize(
    ("modules", "heavy"),
    [
        ("app.cli.run, app.control.lock, app.runtime.start, app.runtime.window.window", FEEDS | STORE | WINDOW),
        ("app.program, app.runtime.window.start_up", FEEDS | STORE | {"tomlkit", "pyqtgraph", "numpy"}),
        ("app.engine, app.wiring.projections, app.runtime.desk.desk", FEEDS | {"alembic", "sqlalchemy.orm"}),
    ],
    ids=["the splash", "the first step", "the dashboard"],
)
def test_nothing_is_loaded_before_it_is_needed(modules: str, heavy: set[str]):
    code = f"import sys, {modules}; print(*sorted({heavy!r} & set(sys.modules)))"
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.split() == []


def test_a_store_of_this_version_is_opened_without_what_migrates_older_ones(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom app.control.here import open_here\nfrom app.paths import Home\n"
        "for _ in ('made', 'there already'):\n    open_here(Home(Path(sys.argv[1])).create()).close()\n"
        "print('alembic' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "home")]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.split() == ["False", "True"]
