"""Where a virtual environment lies in the tree, and the lock it is made from."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


class Place:
    """One environment by its folder, whether it is there or not."""

    def __init__(self, root: Path, name: str, lock: str) -> None:
        self.root = root
        self.folder = root / name
        self.lock = lock
        self.name = name

    @property
    def binaries(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def program(self, name: str) -> Path:
        return self.binaries / (name + (".exe" if os.name == "nt" else ""))

    @property
    def python(self) -> Path:
        return self.program("python")
