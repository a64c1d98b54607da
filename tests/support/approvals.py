"""A plug-in of a home, approved as it lies there, where no program runs that could ask."""

import hashlib
from pathlib import Path

from sqlalchemy import create_engine, insert

from app.paths import Home
from services.core.decisions.decision import Verdict
from services.core.store import open_store
from services.core.store.schema import decisions
from tests.support.manual_clock import ManualClock

RISES = """
def term(bars):
    "How many of the last ten bars rose."
    rose = [later > earlier for earlier, later in zip(bars.closes, bars.closes[1:])]
    return [float('nan')] * min(10, len(bars.closes)) + [
        2 * sum(rose[bar - 10 : bar]) / 10 - 1 for bar in range(10, len(bars.closes))
    ]
"""


def approve(root: Path, file: str, source: str = RISES) -> None:
    """Write it into the home, and the approval into the home's ledger."""
    home = Home(root).create()
    home.plugins.mkdir(exist_ok=True)
    (home.plugins / file).write_text(source)
    version = hashlib.sha256((home.plugins / file).read_bytes()).hexdigest()
    open_store(home.store, home.root / "backups", ManualClock().now).close()
    engine = create_engine(f"sqlite:///{home.store}")
    empty = {column.name: "" for column in decisions.columns if not column.nullable}
    row = {"id": version, "at": 1, "key": f"plugin:{file}:{version}", "kind": "plugin.approve", "verdict": Verdict.DONE}
    with engine.begin() as connection:
        connection.execute(insert(decisions).values(empty | {"version": 1, "epoch": 0, "undoable": 0} | row))
    engine.dispose()
