"""The user's files over the defaults: the home holds them under the same paths, and the user's win by name."""

from pathlib import Path

from services.core.errors import UserError
from services.core.whole_files import write_whole

DEFAULTS = Path(__file__).resolve().parents[3] / "strategies"
"""The read-only defaults that ship with the program."""
CANCEL_INSTEAD = "cancel it instead: it then stays stopped until you run it"
"""What a person does who wants one of them no more."""
SHIPPED = f"it comes with Dreamscape; {CANCEL_INSTEAD}"


def layered(kind: str, home: Path) -> dict[str, Path]:
    """The YAML files of ``strategies/KIND`` by file name, the home's before the defaults."""
    found: dict[str, Path] = {}
    for folder in (DEFAULTS / kind, home / kind):
        for path in sorted(folder.glob("*.yaml")):
            if not path.name.startswith("."):
                found[path.name] = path
    return found


def default_files() -> tuple[str, ...]:
    """The strategies and campaigns that one's own can be made of, as ``trading/macd.yaml``."""
    found = (path for kind in ("trading", "engagement") for path in sorted((DEFAULTS / kind).glob("*.yaml")))
    return tuple(path.relative_to(DEFAULTS).as_posix() for path in found)


def default_names() -> tuple[str, ...]:
    """All defaults that can be copied into the home, as ``rules/drawdown.yaml``."""
    return tuple(path.relative_to(DEFAULTS).as_posix() for path in sorted(DEFAULTS.rglob("*.yaml")))


def is_default(path: Path) -> bool:
    """Whether a file is one of the read-only defaults."""
    return path.is_relative_to(DEFAULTS)


def default_file(file: str) -> Path:
    """The default that is called ``trading/macd.yaml``; raises ``UserError`` where there is none."""
    path = DEFAULTS / file
    if path.suffix != ".yaml" or not path.resolve().is_relative_to(DEFAULTS) or not path.is_file():
        raise UserError("no such default", file, f"there are {', '.join(default_names())}")
    return path


def own_path(default: Path, home: Path) -> Path:
    """Where the user's file over a default lies in the home's ``strategies``."""
    return home / default.relative_to(DEFAULTS)


def customise(path: Path, home: Path) -> Path:
    """Copy a default into the home, where it may be changed and wins; an existing copy is kept as it is."""
    target = own_path(path, home)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, path.read_bytes())
    return target
