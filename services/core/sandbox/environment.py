"""What a foreign child may see of our environment: none of our own switches, nothing that looks like a secret."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_OURS = ("DREAMSCAPE_", "_PYI_")
"""Beginnings of what concerns Dreamscape alone: its own switches, and what a frozen build tells itself."""
_STEERING = ("QT_", "QML")
_PYTHON = frozenset(
    {
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONSTARTUP",
        "PYTHONUSERBASE",
        "PYTHONEXECUTABLE",
        "PYTHONSAFEPATH",
        "PYTHONNOUSERSITE",
        "PYTHONWARNINGS",
        "PYTHONOPTIMIZE",
        "PYTHONINSPECT",
        "PYTHONFAULTHANDLER",
        "VIRTUAL_ENV",
        "VIRTUAL_ENV_PROMPT",
        "__PYVENV_LAUNCHER__",
    }
)
_SECRET_NAME = re.compile(
    r"SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|BEARER|COOKIE|_PWD$|_PASS$|(^|_)(AUTH|PAT|MNEMONIC|DSN)(_|$)"
    r"|(^|_)(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|SSH)?_?KEYS?(_|$)|KEYS?$"
)
_SEED = re.compile(r"(^|_)SEED(_|$)")
_COUNTED = re.compile(r"-?\d{1,12}")
"""What a generator of random numbers is given; the seed of a wallet is words, or far longer."""
_SECRET_VALUE = re.compile(
    r"^[a-z][a-z0-9+.-]*://[^/\s@]*:[^/\s@]+@"  # a URL with a password in it
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|^(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}$|^gh[pousr]_[A-Za-z0-9]{20,}$|^xox[abprs]-|^AKIA[A-Z0-9]{16}$",
    re.IGNORECASE,
)


def scrub(environ: Mapping[str, str], keep: Iterable[str] = ()) -> dict[str, str]:
    """The part of ``environ`` that foreign code may have.

    Left out are what would steer its interpreter or Qt, everything of Dreamscape's own, and whatever looks like a
    key, secret, token or password by its name or value. ``keep`` names variables that the user passes on purpose;
    Dreamscape's own are withheld even then. Our virtual environment's programs are taken off ``PATH``.
    """
    wanted = {name.upper() for name in keep}
    seen = {name: value for name, value in environ.items() if _may_pass(name.upper(), value, wanted)}
    _restore_library_path(seen, environ)
    for name in seen:
        if name.upper() == "PATH":
            seen[name] = _without_our_programs(seen[name])
    return seen


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable looks like a key, secret, token or password."""
    name = name.upper()
    seeds = _SEED.search(name) and not _COUNTED.fullmatch(value)
    return bool(seeds or _SECRET_NAME.search(name) or _SECRET_VALUE.search(value))


def _may_pass(name: str, value: str, wanted: set[str]) -> bool:
    if name.startswith(_OURS):
        return False
    if name in wanted:
        return True
    return not (name in _PYTHON or name.startswith(_STEERING) or looks_secret(name, value))


def _restore_library_path(seen: dict[str, str], environ: Mapping[str, str]) -> None:
    """A frozen build points the loader at its own libraries, and keeps the user's value aside where there was one."""
    original = environ.get("LD_LIBRARY_PATH_ORIG")
    if original is not None:
        seen["LD_LIBRARY_PATH"] = original
        seen.pop("LD_LIBRARY_PATH_ORIG", None)
    elif "LD_LIBRARY_PATH" in seen and seen["LD_LIBRARY_PATH"] == getattr(sys, "_MEIPASS", None):
        del seen["LD_LIBRARY_PATH"]


def _without_our_programs(path: str) -> str:
    if sys.prefix == sys.base_prefix:
        return path
    ours = os.path.realpath(Path(sys.executable).parent)
    return os.pathsep.join(entry for entry in path.split(os.pathsep) if os.path.realpath(entry or ".") != ours)
