"""What was known last is shown before what the program needs is loaded."""

import os
import subprocess
import sys


def test_it_is_read_without_the_libraries_of_the_store() -> None:
    code = (
        "import sys, app.runtime.window.last_view, app.runtime.desk.desk, widgets.pages.overview; print(*sys.modules)"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert not {"sqlalchemy", "alembic"} & set(ran.stdout.split())
