"""Reading a recorded stream of posts from a file with one JSON object a line.

``{"received_at": "2026-01-01T09:00:00Z", "created_at": ..., "source": ..., "author": ..., "id": ..., "text": ...}``;
also ``scored_at`` where scoring was later, ``"deleted": true`` in place of a text, and ``{"received_at": ...,
"source": ..., "beat": true}`` for a feed that was alive and silent.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from services.core.errors import UserError, UserErrors
from services.core.regular_files import require_regular
from services.trading.candles.moments import microseconds_of
from services.trading.social.post import LONGEST_TEXT, Beat, Post, Posts, Row, in_order

TOLD = 100
"""Bad rows that are told one by one; the rest are counted."""
_NAMES = ("source", "author", "id")
_LONGEST_NAME = 300
_KEYS = {"received_at", "scored_at", "created_at", *_NAMES, "text", "deleted", "beat"}
_MEND = "Mend or remove this line"


def read_posts(path: Path) -> Posts:
    """The posts of a .jsonl file.

    Raises ``UserErrors`` with each bad row by line and column: no row is mended or left out, since a backtest on other
    posts would not be the file's.
    """
    rows: list[Row] = []
    faults: list[UserError] = []
    digest = hashlib.sha256()
    for number, line in enumerate(_lines(path), 1):
        digest.update(line)
        try:
            if line.strip():
                rows.append(row_of(line, f"{path}:{number}"))
        except UserError as fault:
            faults.append(fault)
    if faults:
        more = len(faults) - TOLD
        rest = [UserError(f"{more:,} more lines are amiss", str(path), "Mend or remove them")] if more > 0 else []
        raise UserErrors([*faults[:TOLD], *rest])
    if not rows:
        raise UserError("it holds no post", str(path), "Name a file with posts, one JSON object a line")
    return Posts(in_order(rows), f"recorded: {path.name}", digest.hexdigest())


def _lines(path: Path) -> Iterator[bytes]:
    try:
        require_regular(path)
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        what = "there is no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        raise UserError(what, str(path), "Name a file with posts, one JSON object a line") from error


def row_of(line: bytes, where: str, received: int | None = None) -> Row:
    """What a line says; ``received`` is when, where its reader knows that better. Raises ``UserError``, with column."""
    try:
        text = line.rstrip().decode("utf-8-sig")
        told = json.loads(text)
    except UnicodeDecodeError as error:
        raise UserError("this is not UTF-8", f"{where}:{error.start + 1}", "Save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise UserError(f"this is no JSON: {error.msg}", f"{where}:{error.colno}", _MEND) from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise UserError(f"this is no JSON of ours: {error}", f"{where}:1", _MEND) from error
    except RecursionError as error:
        raise UserError("this is too deeply nested", f"{where}:1", _MEND) from error
    if not isinstance(told, dict):
        raise UserError("this is no object with received_at, source, author, id and text", f"{where}:1", _MEND)
    return _Fields(told, text, where).row(received)


class _Fields:
    """One line's object, and where each of its values stands."""

    def __init__(self, told: dict[str, Any], text: str, where: str) -> None:
        self._told, self._text, self._where = told, text, where

    def row(self, received: int | None) -> Row:
        unknown = next((key for key in self._told if key not in _KEYS), None)
        if unknown is not None:
            raise self._fault(unknown, "is no field of a post")
        known = self._known() if received is None else received
        if self._flag("beat"):
            return Beat(known, self._name("source"))
        source, author, id_ = (self._name(name) for name in _NAMES)
        created, deleted = self._moment("created_at"), self._flag("deleted")
        return Post(known, created, source, author, id_, "" if deleted else self._said(), deleted)

    def _known(self) -> int:
        received = self._moment("received_at")
        return max(received, self._moment("scored_at")) if "scored_at" in self._told else received

    def _said(self) -> str:
        text = self._value("text")
        if not isinstance(text, str):
            raise self._fault("text", "is no text")
        if len(text) > LONGEST_TEXT:
            raise self._fault("text", f"has {len(text):,} characters; a post has {LONGEST_TEXT:,} at most")
        return text

    def _name(self, key: str) -> str:
        name = self._value(key)
        if isinstance(name, int) and not isinstance(name, bool):
            return str(name)  # many networks number their posts
        if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
            raise self._fault(key, f"is no text of 1 to {_LONGEST_NAME} characters")
        return name

    def _flag(self, key: str) -> bool:
        flag = self._told.get(key, False)
        if not isinstance(flag, bool):
            raise self._fault(key, "is neither true nor false")
        return flag

    def _moment(self, key: str) -> int:
        told = self._value(key)
        try:
            moment = datetime.fromisoformat(told)
            if moment.tzinfo is None:
                raise self._fault(key, "has no time zone; write 2026-01-31T09:00:00Z")
            return microseconds_of(moment)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._fault(key, "is no time such as 2026-01-31T09:00:00Z") from error

    def _value(self, key: str) -> Any:
        if key not in self._told:
            raise UserError(f"{key} is missing", f"{self._where}:1", _MEND)
        return self._told[key]

    def _fault(self, key: str, why: str) -> UserError:
        found = re.search(rf"(?<!\\){re.escape(json.dumps(key))}\s*:\s*", self._text)
        column = found.end() + 1 if found else 1
        return UserError(f"{key} {why}", f"{self._where}:{column}", _MEND)
