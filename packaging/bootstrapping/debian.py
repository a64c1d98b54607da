"""Packages of Debian and Ubuntu: named in one line, and installed where that is allowed."""

from __future__ import annotations

import os
import shutil

from .console import ask, is_root, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def line(packages: Sequence[str]) -> str:
    """What a person types to install them."""
    sudo = "" if is_root() else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install --yes {' '.join(packages)}"


def offers(package: str) -> bool:
    """Whether this release knows the package."""
    code, output = ask(["apt-cache", "show", package])
    return code == 0 and "Package:" in output


def install(packages: Sequence[str]) -> bool:
    """Installs them when this is root on Debian's family; False where it is not, or when apt-get failed."""
    if not packages or not is_root() or not shutil.which("apt-get"):
        return False
    say(f"bootstrap: installing with apt-get: {' '.join(packages)}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    code, output = ask(command, 600, environ)
    if code != 0:  # the usual reason on a fresh machine: its lists were never fetched, or are old
        ask(["apt-get", "update"], 300, environ)
        code, output = ask(command, 600, environ)
    if code != 0:
        say("\n".join(["bootstrap: apt-get could not install them:", *output.strip().splitlines()[-5:]]))
    return code == 0
