"""Which files of the home are the user's, and what makes each of them sound."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from app.paths import Home
from app.wiring.plans.kinds import KINDS
from services.core.errors import UserError, UserErrors
from services.core.regular_files import require_regular
from services.core.rules.book import RuleFile
from services.core.yamlfile import MAX_BYTES, load_model
from services.engagement.campaign import load_campaign
from services.orchestrator.definitions import process_files
from services.trading.strategy import load_strategy

log = logging.getLogger(__name__)


def _misplaced(path: Path) -> None:
    """Raise ``UserError`` that tells where a file belongs which lies beside the folders that are read."""
    homes = [folder for folder in CHECKS if folder != STRATEGIES]
    fitting = next((folder for folder in homes if not mistakes_in(f"{folder}/{path.name}", path, path)), None)
    where = fitting or f"the one of {', '.join(homes)} that it is meant for"
    raise UserError("no file is read in this folder itself, so it does nothing", str(path), f"move it to {where}")


STRATEGIES = "strategies"
CHECKS: dict[str, Callable[[Path], object]] = {
    STRATEGIES: _misplaced,
    "strategies/trading": load_strategy,
    "strategies/engagement": load_campaign,
    "strategies/rules": lambda path: load_model(path, RuleFile),
    "processes": lambda path: process_files.load(path, KINDS),
}
"""By folder: reads a file, and raises ``UserError`` with the place of each mistake."""
_ENDINGS = frozenset({".yaml", ".yml"})


def user_files(home: Home) -> dict[str, Path]:
    """The user's YAML files, by their path in the home. Hidden ones are an editor's, and not meant."""
    return dict(_found(home))


def _found(home: Home) -> Iterator[tuple[str, Path]]:
    for folder in CHECKS:
        endings = {".yaml"} if folder.startswith(f"{STRATEGIES}/") else _ENDINGS
        for path in sorted((home.root / folder).glob("*")):
            if path.suffix in endings and not path.name.startswith("."):
                yield f"{folder}/{path.name}", path


def read_bounded(path: Path) -> bytes:
    """The bytes of a file that may be configuration; raises ``UserError`` for one that cannot be."""
    try:
        require_regular(path)
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"the file is larger than {MAX_BYTES:,} bytes", str(path), "keep data elsewhere")
        return path.read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError) and path.is_symlink():
            to = path.readlink()
            raise UserError(
                f"it is a link to {to}, which is not there", str(path), "mend the link, or remove it"
            ) from None
        what = error.strerror or type(error).__name__
        raise UserError(f"cannot be read: {what}", str(path), "check the path and its permissions") from error


def mistakes_in(relative: str, copy: Path, original: Path) -> tuple[UserError, ...]:
    """What is wrong in ``copy``, told as of ``original``, whose bytes it has."""
    if not original.name.isprintable():  # a process is called by it, wherever it is shown
        shown = original.name.encode("unicode_escape").decode()
        return (UserError(f"the name {shown} has a character that nobody sees", str(original), "give it another name"),)
    try:
        CHECKS[relative.rpartition("/")[0]](copy)
    except UserErrors as several:
        return tuple(told_of(each, copy, original) for each in several.errors)
    except UserError as one:
        return (told_of(one, copy, original),)
    except Exception as fault:  # a defect that this file alone meets: the others are still looked at
        log.exception("%s could not be checked", original)
        told = f"it could not be checked: {type(fault).__name__}: {fault}".replace(str(copy), str(original))
        return (UserError(told, str(original), "change what is unusual in it; the log has the whole fault"),)
    return ()


def told_of(mistake: UserError, copy: Path, original: Path) -> UserError:
    """The same mistake with the path that the user knows."""
    parts = (part.replace(str(copy), str(original)) for part in (mistake.what, mistake.where, mistake.mend))
    return UserError(*parts)
