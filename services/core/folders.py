"""Whether there is a folder, asked of names of any length."""

import os
from pathlib import Path


def is_folder(path: Path | str) -> bool:
    """Whether a folder is there; a name too long for the system is none, where ``Path.is_dir`` would raise."""
    return os.path.isdir(path)  # noqa: PTH112
