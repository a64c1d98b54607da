"""The ledger: decisions on disk. Functions here are pieces of a transaction; ``acts`` gives them their order."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select, update

from services.core.decisions.decision import OPEN, Decision, Proposal, Verdict
from services.core.decisions.events import DecisionChanged, DecisionTaken
from services.core.effects import Effect, Outcome, Standing
from services.core.errors import UserError
from services.core.events.micros import from_micros, to_micros
from services.core.finite import as_kept, require_finite
from services.core.journal import Transaction
from services.core.process.running import Superseded
from services.core.store.prefixes import begins
from services.core.store.restored import restored
from services.core.store.schema import decisions, runs

Because = dict[str, Any] | str
PAST_ITS_TIME = "it waited past its time"


class NoSuchDecision(LookupError):
    """No decision has this id."""


class NotWaiting(RuntimeError):
    """The decision is not (or no longer) in a state that allows what was asked; the message says which it is in."""


class HeldBack(NotWaiting):
    """A guard keeps it from being undone until a person has dealt with that; the message says how."""


@dataclass(frozen=True)
class Entry:
    """A decision with what the engine needs to act on it."""

    decision: Decision
    effect_name: str
    effect_version: int
    effect_payload: str
    process: str
    epoch: int
    expires: datetime | None
    since: datetime
    """When it came to where it stands."""
    changed_by: str = ""
    """Who brought it to where it stands, if it was moved on since it was taken."""

    def effect(self) -> Effect:
        """Rebuild the effect; raises ``UnknownMessage`` or ``MalformedMessage``."""
        return Effect.named(self.effect_name).decode(self.effect_payload, self.effect_version)


@dataclass(frozen=True)
class Origin:
    """Who takes a decision: by whom, and the run behind it if there is one."""

    by: str
    process: str = ""
    epoch: int = 0


@dataclass(frozen=True)
class NewDecision:
    """A decision that is to be entered: what is done, who takes it and why, and how it stands from the first.

    ``what`` says the act in other words than its own; ``expires`` (UTC) ends a wait.
    """

    effect: Effect
    origin: Origin
    because: Because
    verdict: Verdict
    undoable: bool = False
    outcome: Outcome | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    what: str = ""
    expires: datetime | None = None

    @classmethod
    def put(cls, asked: Proposal, origin: Origin, *, undoable: bool = False) -> "NewDecision":
        """What is put before a person, and waits for them."""
        return cls(
            asked.effect,
            origin,
            asked.because,
            Verdict.WAITING,
            undoable=undoable,
            evidence=asked.evidence,
            what=asked.what,
            expires=asked.expires,
        )


def require_epoch(tx: Transaction, process: str, epoch: int) -> None:
    """Raise ``Superseded`` if the run ``epoch`` of ``process`` has ended, as of this very transaction."""
    this = (runs.c.process == process) & (runs.c.epoch == epoch)
    row = tx.connection.execute(select(runs.c.ended).where(this)).first()
    if row is not None and row.ended is not None:
        raise Superseded(f"epoch {epoch} of {process} has ended")


def enter(tx: Transaction, new: NewDecision) -> str:
    """Write a new decision; returns its id. The key must not be in the ledger yet."""
    fresh = uuid4().hex[:12]
    effect, origin, outcome = new.effect, new.origin, new.outcome
    _require_kept(tx, effect)
    what = tx.cleaned(new.what or effect.what)
    because = as_kept(tx.cleaned(new.because))
    evidence = as_kept(tx.cleaned(new.evidence))
    tx.connection.execute(
        insert(decisions),
        {
            "id": fresh,
            "at": to_micros(tx.at),
            "key": effect.key,
            "kind": effect.type_name,
            "version": effect.type_version,
            "effect": effect.encode().decode(),
            "what": what,
            "by": origin.by,
            "process": origin.process,
            "epoch": origin.epoch,
            "because": _json(because),
            "evidence": _json(evidence),
            "verdict": new.verdict,
            "undoable": int(new.undoable),
            "outcome": _json(tx.hidden(outcome.details) if outcome else {}),
            "why": tx.cleaned(outcome.why) if outcome else "",
            "expires": to_micros(new.expires) if new.expires else None,
            "settled_at": to_micros(tx.at) if outcome else None,
        },
    )
    tx.record(
        DecisionTaken(
            id=fresh,
            kind=effect.type_name,
            what=what,
            by=origin.by,
            process=origin.process,
            because=because,
            verdict=new.verdict,
            undoable=new.undoable,
            evidence=evidence,
            expires=new.expires,
            word=effect.word if effect.word != Effect.word else "",
            finding=effect.finding,
        ),
        source=origin.process,
    )
    return fresh


def change(
    tx: Transaction,
    entry: Entry,
    verdict: Verdict,
    by: str,
    outcome: Outcome | None = None,
    *,
    epoch: int | None = None,
    effect: Effect | None = None,
) -> None:
    """Move a decision on. ``epoch`` hands it to another run; ``effect`` replaces what will be done (an edit)."""
    values: dict[str, Any] = {"verdict": verdict, "why": tx.cleaned(outcome.why) if outcome else ""}
    values |= {"changed_by": by, "changed_at": to_micros(tx.at)}
    replaced = _replaced(entry.effect(), effect) if effect else {}
    if outcome is not None and outcome.details:
        values["outcome"] = _json(tx.hidden(outcome.details))
    if epoch is not None:
        values["epoch"] = epoch
    if effect is not None:
        _require_kept(tx, effect)
        values |= {"effect": effect.encode().decode(), "version": effect.type_version}
        values["what"] = tx.cleaned(effect.what)
    if replaced:
        values["changes"] = _json(replaced)
    if verdict not in OPEN and verdict is not Verdict.WAITING:
        values["settled_at"] = to_micros(tx.at)
    tx.connection.execute(update(decisions).where(decisions.c.id == entry.decision.id), values)
    tx.record(
        DecisionChanged(
            entry.decision.id,
            verdict,
            by,
            outcome.why if outcome else "",
            as_kept(outcome.details) if outcome else {},
            effect.what if effect else "",
            replaced,
        ),
        source=entry.process,
    )


def by_key(tx: Transaction, key: str) -> Entry | None:
    """The decision with this key, if the cause has been met before."""
    row = tx.connection.execute(select(decisions).where(decisions.c.key == key)).mappings().first()
    return _entry(row) if row else None


def by_id(tx: Transaction, identity: str) -> Entry:
    """The decision with this id, or the only one whose id begins so; raises ``NoSuchDecision``."""
    return find(tx.connection, identity)


def find(connection: Connection, identity: str) -> Entry:
    """As ``by_id``, for who only reads."""
    if not identity.strip():
        raise NoSuchDecision("an id is needed, and this one is empty; 'dreamscape inbox' and 'decisions' show them")
    rows = connection.execute(select(decisions).where(begins(decisions.c.id, identity)).limit(2)).mappings().all()
    if not rows:
        raise NoSuchDecision(f"no decision has the id {identity!r}; 'dreamscape inbox' and 'decisions' show them")
    if len(rows) > 1:
        raise NoSuchDecision(f"more than one decision has an id that begins with {identity!r}; give more of it")
    return _entry(rows[0])


def doubted(tx: Transaction, entry: Entry | None) -> datetime | None:
    """Until when an act that the ledger does not know as done may have been sent all the same; None where it was not.

    So it may have been, for good, where the store was put back from a copy: nobody can tell when the last cause comes
    again that was met after the copy was made. Only what was settled since is as it says. ``entry`` is None for a fresh
    key.
    """
    back = restored(tx.connection)
    if back is None:
        return None
    settled = entry.decision.settled_at if entry else None
    return back.at if settled is None or settled <= back.at else None


def require(tx: Transaction, identity: str, verdict: Verdict, verb: str) -> Entry:
    """The decision, if it stands as it has to; raises ``NoSuchDecision`` or ``NotWaiting``."""
    entry = by_id(tx, identity)
    if entry.decision.verdict is not verdict:
        raise NotWaiting(f"decision {entry.decision.id} is {entry.decision.verdict} and cannot be {verb}")
    return entry


def open_acts(tx: Transaction, process: str | None = None) -> list[Entry]:
    """The acts whose outcome is not settled, oldest first."""
    query = select(decisions).where(decisions.c.verdict.in_(list(OPEN))).order_by(decisions.c.at)
    if process is not None:
        query = query.where(decisions.c.process == process)
    return [_entry(row) for row in tx.connection.execute(query).mappings()]


def done(connection: Connection, kinds: Collection[str], newest: int | None = None, prefix: str = "") -> list[Entry]:
    """What was done of these kinds of effects, also what was taken back later, newest first; all, or so many.

    Of those alone whose keys begin with ``prefix``.
    """
    there = decisions.c.kind.in_(list(kinds)) & decisions.c.verdict.in_([Verdict.DONE, Verdict.UNDONE])
    there = there & begins(decisions.c.key, prefix) if prefix else there
    query = select(decisions).where(there).order_by(decisions.c.at.desc()).limit(newest)
    return [_entry(row) for row in connection.execute(query).mappings()]


def waiting(tx: Transaction) -> list[Entry]:
    """What waits for a person."""
    query = select(decisions).where(decisions.c.verdict == Verdict.WAITING).order_by(decisions.c.at)
    return [_entry(row) for row in tx.connection.execute(query).mappings()]


def expire(tx: Transaction) -> list[str]:
    """End the wait of what has waited past its time; returns the ids of what is left, as it may have been done.

    Of those the outside is to be asked first, see ``doubted``.
    """
    late = (decisions.c.verdict == Verdict.WAITING) & (decisions.c.expires <= to_micros(tx.at))
    left = []
    for entry in [_entry(row) for row in tx.connection.execute(select(decisions).where(late)).mappings().all()]:
        if doubted(tx, entry):
            left.append(entry.decision.id)
        else:
            change(tx, entry, Verdict.EXPIRED, "program", Outcome(Standing.NOT_DONE, why=PAST_ITS_TIME))
    return left


def put_back(tx: Transaction, identity: str, by: str) -> bool:
    """Have what was rejected wait for a person once more; False for what was not rejected.

    Raises ``NoSuchDecision``, or ``NotWaiting`` where it has waited past its time meanwhile.
    """
    entry = by_id(tx, identity)
    if entry.decision.verdict is not Verdict.REJECTED:
        return False
    if entry.expires is not None and entry.expires <= tx.at:
        raise NotWaiting(f"“{entry.decision.what}” cannot be put back before you: {PAST_ITS_TIME}")
    tx.connection.execute(update(decisions).where(decisions.c.id == entry.decision.id), {"settled_at": None})
    change(tx, entry, Verdict.WAITING, by)
    return True


def settle(tx: Transaction, identity: str, done: bool, by: str, why: str, held: Callable[[str], bool]) -> None:
    """Settle an unknown act by a person's word; of one that is being taken back, ``done`` says that it still stands.

    Raises ``NoSuchDecision``, ``NotWaiting`` where it is not unknown or a call has it in hand, ``UserError`` without a
    reason.
    """
    entry = by_id(tx, identity)
    found = entry.decision
    if found.verdict not in (Verdict.UNKNOWN, Verdict.UNDOING):
        raise NotWaiting(f"decision {found.id} is {found.verdict}, not unknown: there is nothing to settle")
    if held(found.id):
        raise NotWaiting(f"decision {found.id} is being looked up at this moment; try again when that has ended")
    if not why.strip():
        raise UserError("a reason is needed", f"decision {found.id}", "say how you know, such as what you looked at")
    undoing = found.verdict is Verdict.UNDOING
    verdict = Verdict.DONE if done else Verdict.UNDONE if undoing else Verdict.NOT_DONE
    change(tx, entry, verdict, by, Outcome(Standing.DONE if done else Standing.NOT_DONE, why=why.strip()))


def outcome_of(entry: Entry) -> Outcome:
    """What is known of an act's outcome."""
    standing = {Verdict.DONE: Standing.DONE, Verdict.UNKNOWN: Standing.UNKNOWN}.get(
        entry.decision.verdict, Standing.NOT_DONE
    )
    return Outcome(standing, entry.decision.outcome, entry.decision.why or str(entry.decision.verdict))


def _entry(row: RowMapping) -> Entry:
    decision = Decision(
        id=row["id"],
        at=from_micros(row["at"]),
        kind=row["kind"],
        what=row["what"],
        by=row["by"],
        because=msgspec.json.decode(row["because"]),
        verdict=Verdict(row["verdict"]),
        undoable=bool(row["undoable"]),
        outcome=msgspec.json.decode(row["outcome"]),
        why=row["why"],
        evidence=msgspec.json.decode(row["evidence"]),
        settled_at=from_micros(row["settled_at"]) if row["settled_at"] else None,
    )
    expires = from_micros(row["expires"]) if row["expires"] else None
    since = from_micros(row["changed_at"]) if row["changed_at"] else decision.at
    known = row["kind"], row["version"], row["effect"], row["process"], row["epoch"]
    return Entry(decision, *known, expires, since, row["changed_by"])


def _require_kept(tx: Transaction, effect: Effect) -> None:
    """Raise for an effect that would be carried out as another one after a restart."""
    tx.refuse_secrets(effect, effect.type_name)
    require_finite(effect, effect.type_name)


def _replaced(before: Effect, after: Effect) -> dict[str, Any]:
    """The fields that differ, as they are now."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return {name: value for name, value in new.items() if old.get(name) != value}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
