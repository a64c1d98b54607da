"""numba as the compiler of this process's steps, with its results kept on disk.

numba notices a change of a function's own file and of no other, and would go on running an old step inside an
unchanged loop. So the folder is named by a digest of every source that is compiled, and of numba's version.
"""

import hashlib
import shutil
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from services.trading.steps.compiled import use_compiler

ROOT = Path(__file__).parent.parent
SOURCES = ("steps", "kernel")
_DIGITS = 16
_prepared: list[Path | None] = []
"""Where this process keeps what it compiles, once it has its compiler; None for nowhere."""


def prepare(kept: Path | None) -> None:
    """Compile every step of this process from now on; ``kept`` is the folder whose sub-folder keeps the results.

    Has no effect the second time. Raises ``RuntimeError`` where a step has been imported uncompiled.
    """
    if _prepared:
        return
    import numba

    options: dict[str, Any] = {
        "nogil": True,
        "fastmath": False,  # every rounding as written
        "error_model": "numpy",  # no check before each division: steps divide by nothing that is 0
        "forceinline": True,
        "_nrt": False,  # steps make no arrays; counting references to those they are given took most of the time
    }
    folder = _folder(kept, numba.__version__) if kept is not None and can_keep() else None
    if folder is not None:
        config: Any = numba.config
        config.CACHE_DIR = str(folder)
        options["cache"] = True
    use_compiler(numba.njit(**options))
    _prepared.append(folder)


def can_keep() -> bool:
    """Whether what is compiled can be kept; asks no compiler.

    A frozen program has its sources inside itself, and numba keeps nothing of what it cannot read.
    """
    return all(any((ROOT / name).glob("*.py")) for name in SOURCES) and find_spec("numba") is not None


def is_kept(kept: Path) -> bool:
    """Whether that folder has all that these very sources compile to; asks no compiler."""
    return can_keep() and _mark(kept / digest(version("numba"))).exists()


def note_whole() -> None:
    """Note that this process has compiled all there is, and kept it: who was ended on the way leaves a part of it, and
    no mark."""
    for folder in filter(None, _prepared):
        _mark(folder).touch()


def digest(*also: str) -> str:
    """16 hex digits of all that is compiled."""
    told = hashlib.sha256("\n".join(also).encode())
    for path in sorted(path for name in SOURCES for path in (ROOT / name).glob("*.py")):
        told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()[:_DIGITS]


def _folder(kept: Path, numba: str) -> Path:
    """The folder of these very sources; those of others are removed, for nobody needs them any more."""
    name = digest(numba)
    for old in kept.glob("[0-9a-f]" * _DIGITS):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)
    folder = kept / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _mark(folder: Path) -> Path:
    """numba keeps apart what lies elsewhere, and what another version of Python runs."""
    place = hashlib.sha256(str(ROOT).encode()).hexdigest()[:_DIGITS]
    return folder / f"whole-{sys.implementation.cache_tag}-{place}"
