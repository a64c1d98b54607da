"""What the last scan measured, so that only changed files are read again."""

import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from services.core.whole_files import write_whole
from services.debugger.scanner.measure import Measure

_FORMAT = 1
log = logging.getLogger(__name__)


@dataclass
class Kept:
    """One file as it was: ``stamp`` (modified, in ns) and ``size`` are asked first, ``digest`` where they differ."""

    stamp: int
    size: int
    digest: str
    measure: Measure | None
    why: str = ""


@dataclass
class ScanCache:
    """Measures by path, and churn as of one commit. Measures of another ``engine`` (parser) are not used."""

    engine: str
    format: int = _FORMAT
    files: dict[str, Kept] = field(default_factory=dict)
    head: str = ""
    churn: dict[str, int] = field(default_factory=dict)


def load(path: Path, engine: str) -> ScanCache:
    """The cache at ``path``, or an empty one where there is none that can be used."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=ScanCache)
    except FileNotFoundError:
        return ScanCache(engine)
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("%s cannot be used (%s); every file is read again", path, error)
        return ScanCache(engine)
    return found if (found.format, found.engine) == (_FORMAT, engine) else ScanCache(engine)


def save(path: Path, cache: ScanCache) -> None:
    """Keep the cache; a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, msgspec.json.encode(cache), sync=False)  # what is lost is measured again


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
