"""Folders that may be read and not written, also where the tests run as root."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def reachable() -> Iterator[Path]:
    """A new folder that any user may reach: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """Nothing in the folder can be written meanwhile, by us at least."""
    if not hasattr(os, "seteuid"):
        pytest.skip("this system knows no read-only folders")
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
