"""A plug-in's file becomes a module: from bytes that were checked, and every way to fail told with its place."""

import hashlib
import sys
import traceback
from pathlib import Path
from types import ModuleType

from services.core.process import ConfigurationFault

MEND = "Mend the file: a changed one is shown to you and runs once you approve it"


def load_plugin(path: Path, version: str) -> ModuleType:
    """Import the file under a name of its own, so that it can shadow nothing; raises ``ConfigurationFault``.

    ``version`` is the SHA-256 that was approved. The bytes that are imported are those that were compared with it: no
    change of the file can come in between, and without an approval nothing is imported.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise ConfigurationFault(f"{path}: cannot be read: {error.strerror}. Put it back, or remove it.") from error
    found = digest(source)
    if found != version:
        raise ConfigurationFault(f"{path}: it is not the version that was approved. {MEND}.")
    module = ModuleType(f"dreamscape_plugin_{path.stem}_{found[:8]}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    except SyntaxError as error:
        place = f"{path}:{error.lineno or 1}:{error.offset or 1}"
        raise ConfigurationFault(f"{place}: {error.msg}. {MEND}.") from error
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        told = f"it raised {type(error).__name__}: {error}" if str(error) else f"it raised {type(error).__name__}"
        raise ConfigurationFault(f"{place_of(error, path)}: {told} while it was imported. {MEND}.") from error
    return module


def digest(source: bytes) -> str:
    """SHA-256 as the ledger and a plan say it."""
    return hashlib.sha256(source).hexdigest()


def place_of(error: BaseException, path: Path) -> str:
    """``FILE:LINE`` where the plug-in itself stood when ``error`` arose."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path}:{own[-1].lineno}" if own else str(path)
