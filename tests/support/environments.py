"""What the children of this process were begun with, as the kernel has it."""

import os
from pathlib import Path

SECRET = "s3cr3t-of-the-exchange"


def of_children() -> dict[int, bytes]:
    """The environment of each child that is there now, by its process id. Linux alone shows it."""
    found = {}
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        for child in (task / "children").read_text().split():
            found[int(child)] = Path(f"/proc/{child}/environ").read_bytes()
    return found
