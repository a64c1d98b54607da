"""What takes how much room, and how a person is told when it is too much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1_000_000
_MENDS = {
    "the ledger": "let the replays go slower (trading.speed) or pause some",
    "events": "have processes tell less",
    "samples": "have fewer processes at once",
    "kept files": "have fewer processes tell of files",
}
"""What lets the largest part grow less."""


@dataclass(frozen=True)
class Room:
    """Bytes on disk by what takes them; ``apart`` is what the cap does not count."""

    parts: Mapping[str, int]
    apart: Mapping[str, int] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        return sum(self.parts.values())

    def over(self, cap_mb: int) -> str:
        """The cap is not held: what takes how much, and what a person can do."""
        largest = max(self.parts, key=lambda part: self.parts[part])
        mend = _MENDS.get(largest)
        told = (
            f"The store takes {_mb(self.taken)} and cannot be held under its cap of {cap_mb} MB: {_listed(self.parts)}"
        )
        told += "; what is left is today's, or may not go. Raise store.disk_cap_mb" + (f", or {mend}" if mend else "")
        return told + (f". Beside the cap, {_listed(self.apart)}" if any(self.apart.values()) else "")


def scaled(weights: Mapping[str, int], whole: int) -> dict[str, int]:
    """The weights of the store's tables as parts of what the store takes, under the names that people know."""
    names = {"decisions": "the ledger", "events": "events", "snapshots": "snapshots", "blobs": "kept files"}
    parts = dict.fromkeys((*names.values(), "the rest of the store"), 0)
    for table, weight in weights.items():
        parts[names.get(table, "the rest of the store")] += weight
    total = sum(parts.values())
    return {name: whole * part // total for name, part in parts.items()} if total else parts


def size_of(path: Path) -> int:
    """Bytes of a SQLite file with its write-ahead log, or of a folder's files; 0 where there is none."""
    if path.is_dir():
        return sum(each.stat().st_size for each in path.glob("*") if each.is_file())
    both = (path, path.with_name(f"{path.name}-wal"))
    return sum(each.stat().st_size for each in both if each.exists())


def _listed(parts: Mapping[str, int]) -> str:
    largest_first = sorted(parts.items(), key=lambda part: -part[1])
    return ", ".join(f"{name} {_mb(size)}" for name, size in largest_first if size >= MEGABYTE / 2) or "nothing large"


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:,.0f} MB"
