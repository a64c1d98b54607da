"""What a child interpreter that runs a trader has to load."""

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
import services.trading.learning.shadow_process, services.trading.paper.process
heavy = {"PyQt6", "sqlalchemy", "sqlite3", "pyarrow", "ccxt", "keyring", "numpy"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_process_loads_no_window_no_store_no_broker_and_no_keys() -> None:
    root = Path(__file__).parents[3]
    child = subprocess.run([sys.executable, "-c", CODE], cwd=root, capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "[]"
