"""An old ``learning_db.json`` into the learners of the store."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.paths import Home
from services.core.errors import UserError
from services.core.learning.old import Imported, import_arms
from services.core.store import open_store
from services.core.store.schema import learners

MOST_BYTES = 50_000_000


def import_learning(home: Home, path: Path, learner: str | None, replace: bool) -> tuple[dict[str, int], list[str]]:
    """Bring an old file's arms in; returns how many each learner got, and what was not understood.

    The file maps learners to arms, or (with ``learner``) is the arms of one. A learner that knows something already
    is left as it is unless ``replace``. The caller holds the home's lock. Raises ``UserError``.
    """
    found = {name: import_arms(arms) for name, arms in _by_learner(_read(path), path, learner).items()}
    if not any(each.counts for each in found.values()):
        why = next((why for each in found.values() for why in each.not_understood.values()), "it is empty")
        raise UserError(f"no arm in it is understood ({why})", str(path), "give each arm successes and failures")
    home.create()
    store = open_store(home.store, home.backups, lambda: datetime.now(UTC))
    with closing(store), store.writing.begin() as connection:
        for name, imported in found.items():
            _keep(connection, name, imported, replace)
    counts = {name: len(imported.counts) for name, imported in found.items() if imported.counts}
    left = [f"{name}: {arm}: {why}" for name, imported in found.items() for arm, why in imported.not_understood.items()]
    return counts, left


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(f"it is larger than {MOST_BYTES:,} bytes", str(path), "this is no learning file")
        return msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise UserError(f"it cannot be read ({error.strerror})", str(path), "check the path") from error
    except msgspec.MsgspecError as error:
        raise UserError(f"it is neither an export nor JSON ({error})", str(path), "check that it is whole") from error


def _by_learner(old: Any, path: Path, learner: str | None) -> dict[str, Any]:
    if not isinstance(old, Mapping):
        raise UserError(f"expected an object, found {type(old).__name__}", str(path), "this is no learning file")
    if learner:
        return {learner: old}
    if old and all(_is_arms(arms) for arms in old.values()):
        return dict(old)
    raise UserError("it does not say which learner its arms belong to", str(path), "say it with --learner NAME")


def _is_arms(value: Any) -> bool:
    """Whether a value is a mapping of arms, rather than the numbers of one."""
    return isinstance(value, Mapping) and bool(value) and all(isinstance(each, Mapping) for each in value.values())


def _keep(connection: Connection, name: str, imported: Imported, replace: bool) -> None:
    if not imported.counts:
        return
    known = connection.execute(select(learners).where(learners.c.name == name)).first()
    if known is not None and not replace:
        raise UserError(
            f"the learner {name!r} has learned already", "import", "--replace lets it forget that; nothing was changed"
        )
    # Versions are never given twice: a line of the ledger about what is replaced must not undo what comes after.
    version = msgspec.json.decode(known.state)["version"] if known else 0
    state = msgspec.json.encode({**imported.state, "version": version, "folded": version}).decode()
    values = {"state": state, "version": (known.version if known else 0) + 1}
    statement = upsert(learners).values(name=name, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
