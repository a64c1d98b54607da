"""The sandbox network's rules, in the manner of real networks: each has a name, and refuses with a reason.

Sources of the manner: X's automation rules (replies only to who engaged first, one per interaction, no duplicates)
and Bluesky's for bots (an interaction is opted into by the other side).
"""

import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.core.words import counted
from services.engagement.network import TEXT_LIMIT, Action, RuleRefusal

WINDOW = 15 * 60.0
"""Seconds over which the rate limit counts."""
LIMITS = {Action.POST: 10, Action.REPLY: 20, Action.LIKE: 30}
"""How many acts of a kind the window lets through."""
SAME_POST = 24 * 3600.0
"""Seconds for which the same post counts as a duplicate."""


@dataclass(frozen=True)
class Request:
    """What is asked for: ``target`` is the number of the response that a reply or like is about."""

    action: Action
    text: str
    target: int | None
    now: float
    """Seconds since the epoch, in the network's time."""


def examine(connection: sqlite3.Connection, request: Request) -> RuleRefusal | None:
    """The first rule that refuses, or None."""
    refusals = (rule(connection, request) for rule in RULES)
    return next((refusal for refusal in refusals if refusal), None)


def folded(text: str) -> str:
    """The form in which two texts count as the same."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _length(connection: sqlite3.Connection, request: Request) -> RuleRefusal | None:
    if request.action is Action.LIKE:
        return None
    if not request.text.strip():
        return RuleRefusal("length", "there is no text")
    if len(request.text) > TEXT_LIMIT:
        return RuleRefusal("length", f"{counted(len(request.text), 'character')}, and {TEXT_LIMIT} are allowed")
    return None


def _consent(connection: sqlite3.Connection, request: Request) -> RuleRefusal | None:
    """Replies and likes go only to what somebody wrote to us, while it is there."""
    if request.action is Action.POST:
        return None
    query = """SELECT gone_at, deleted_at FROM reaction JOIN own ON own.id = reaction.own
               WHERE reaction.id = ? AND kind IN ('reply', 'mention') AND reaction.at <= ?"""
    row = connection.execute(query, (request.target, request.now)).fetchone()
    if row is None:
        return RuleRefusal("consent", "nobody wrote that to us; only who engaged first is answered")
    if row["gone_at"] is not None and row["gone_at"] <= request.now:
        return RuleRefusal("gone", "its author deleted it")
    if row["deleted_at"] is not None:
        return RuleRefusal("gone", "our post above it was taken back")
    return None


def _once(connection: sqlite3.Connection, request: Request) -> RuleRefusal | None:
    if request.action is Action.POST:
        return None
    query = "SELECT 1 FROM own WHERE action = ? AND target = ? LIMIT 1"
    if connection.execute(query, (request.action, request.target)).fetchone():
        return RuleRefusal("once", f"there is one {request.action} of ours to it, and one is allowed")
    return None


def _duplicate(connection: sqlite3.Connection, request: Request) -> RuleRefusal | None:
    """The same post within a day; the same reply ever to the same account."""
    if request.action is Action.POST:
        query = "SELECT at FROM own WHERE action = 'post' AND folded = ? AND at > ? AND deleted_at IS NULL"
        row = connection.execute(query, (folded(request.text), request.now - SAME_POST)).fetchone()
        return RuleRefusal("duplicate", "the same was posted within a day") if row else None
    if request.action is Action.REPLY:
        query = """SELECT 1 FROM own JOIN reaction ON reaction.id = own.target
                   WHERE own.action = 'reply' AND folded = ?
                   AND author = (SELECT author FROM reaction WHERE id = ?)"""
        row = connection.execute(query, (folded(request.text), request.target)).fetchone()
        return RuleRefusal("duplicate", "the same was replied to this account before") if row else None
    return None


def _rate(connection: sqlite3.Connection, request: Request) -> RuleRefusal | None:
    limit = LIMITS[request.action]
    query = "SELECT at FROM own WHERE action = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?"
    row = connection.execute(query, (request.action, request.now - WINDOW, limit - 1)).fetchone()
    if row is None:
        return None
    resets = datetime.fromtimestamp(row["at"] + WINDOW, UTC)
    why = f"{limit} of {request.action} in 15 min are allowed; resets {resets:%H:%M} UTC, sandbox time"
    return RuleRefusal("rate limit", why, resets)


RULES: tuple[Callable[[sqlite3.Connection, Request], RuleRefusal | None], ...] = (
    _length,
    _consent,
    _once,
    _duplicate,
    _rate,
)
"""In the order asked. The rate limit is last: what could never be let through is not told to wait."""
