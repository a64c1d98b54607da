"""Services know no Qt: nothing under `services` brings it in, by whatever way it is imported."""

import subprocess
import sys

# A module for another system may miss that system's part of the standard library here, and nothing else.
# Programs are not imported: __main__ is run, and a migration's env.py is run by Alembic alone.
IMPORT_ALL = """
import importlib, pkgutil, sys
import services

for module in pkgutil.walk_packages(services.__path__, "services."):
    if not module.name.endswith((".__main__", ".migrations.env")):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if error.name not in sys.stdlib_module_names:
                raise
print(sorted(name for name in sys.modules if name.split(".")[0] in {"PyQt6", "pyqtgraph", "qasync"}))
"""


def test_importing_every_service_module_brings_in_no_qt():
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
