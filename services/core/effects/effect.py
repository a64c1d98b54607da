"""Effects: decisions that touch the outside, described as data.

``context.act`` writes the intent, checks the epoch, carries out, and writes the outcome. An effect's key is derived
from its cause, never random, so the same cause after a crash finds its own intent and nothing is done twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

import msgspec

from services.core.errors import UserError
from services.core.events.messages import Message, UnknownMessage
from services.core.words import counted

Details = dict[str, Any]
SETTLING = timedelta(minutes=1)
"""How long an act may still arrive outside after nobody of ours waits for it, where its handler does not say."""
AT_ONCE = timedelta(0)
"""The settling time where absence is proof once the call has ended: local files, a database in one transaction."""


class Effect(Message):
    """What is to be done outside: ``class PlaceOrder(Effect, name="order.place")`` followed by its fields.

    A concrete effect defines ``key`` (derived from the cause: process, strategy version, candle time, side; or piece
    and platform) and ``what`` (one sentence for a person).
    """

    word: ClassVar[str] = "Approve"
    """What stands on the button with which a person says yes to it."""
    finding: ClassVar[bool] = False
    """It tells how something stands, and there is nothing to carry out: a person can only have it looked at again."""
    limits: ClassVar[Mapping[str, int]] = {}
    """Fields that hold words for people, and how many characters each may have; none of them may be empty.

    They are the draft: a person may write them anew before it is carried out, and nothing else of the act.
    """

    @property
    def key(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} derives no key from its cause")

    @property
    def what(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} does not say what it does")

    @classmethod
    def unfit(cls, name: str, text: str) -> str:
        """Why ``text`` cannot stand in the field ``name``, with its limit; empty where it can."""
        limit = cls.limits.get(name)
        if limit is None:
            return ""
        if not text.strip():
            return f"there is no text, and 1 to {limit:,} characters are allowed"
        if len(text) <= limit:
            return ""
        return f"it has {counted(len(text), 'character')}, and {counted(limit, 'is', 'are')} allowed"


def draft_fields(kind: str) -> tuple[str, ...]:
    """The fields of an act of this kind that a person may edit; none where nobody here knows the kind."""
    try:
        return tuple(Effect.named(kind).limits)
    except UnknownMessage:
        return ()


def edited(effect: Effect, changes: Details) -> Effect:
    """The effect with other words in its draft.

    Raises ``UserError`` for a field that is none of the draft, and for words too long or none, ``MalformedMessage`` for
    what are no words.
    """
    for name in sorted(set(changes) - set(effect.limits)):
        raise UserError("it cannot be edited", name, _editable(effect))
    changed = type(effect).decode(msgspec.json.encode(msgspec.to_builtins(effect) | changes))
    for name in sorted(changes):
        if why := effect.unfit(name, getattr(changed, name)):
            raise UserError(why, name, "the draft waits as it was")
    return changed


def _editable(effect: Effect) -> str:
    if not effect.limits:
        return "nothing of this can be: approve or reject it as it is"
    return f"of this only {' and '.join(effect.limits)} can be; it waits as it was"


class Standing(StrEnum):
    """How an act stands with the outside."""

    DONE = "done"
    NOT_DONE = "not done"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """What came of an act: how it stands, what the outside answered, and why if it was refused."""

    standing: Standing
    details: Details = field(default_factory=dict)
    why: str = ""

    @property
    def done(self) -> bool:
        return self.standing is Standing.DONE


class Refused(Exception):
    """The outside (or a guard before it) said no for certain: the act is NOT_DONE, not UNKNOWN."""


class Handler(Protocol):
    """Carries out one kind of effect. Registered in ``app/``; runs in a worker, never on the core or GUI thread."""

    def carry_out(self, effect: Any) -> Details:
        """Do it and return what the outside answered.

        Raise ``Refused`` only when it certainly did not happen; any other exception means UNKNOWN: a request whose
        answer was given up may still arrive, so that it is not there yet proves nothing before ``settling`` is over.
        """
        ...

    def look_up(self, effect: Any) -> Outcome:
        """Ask the outside whether it happened. Never acts."""
        ...


@runtime_checkable
class Settling(Protocol):
    """A handler that says how long an act of it may still arrive after its call has ended, or died with the program."""

    def settling(self, effect: Any) -> timedelta:
        """Longer than the call's own time-out, since after a crash it counts from the intent; see ``AT_ONCE``."""
        ...


def settling(handler: Handler, effect: Effect) -> timedelta:
    """How long a look-up that does not find the act leaves it UNKNOWN."""
    return handler.settling(effect) if isinstance(handler, Settling) else SETTLING


@runtime_checkable
class Undoable(Protocol):
    """A handler that can take back what it did."""

    def undo(self, effect: Any, details: Details) -> Details:
        """Take it back; raises ``Refused`` with the reason where that is no longer possible."""
        ...


@runtime_checkable
class PartlyUndoable(Undoable, Protocol):
    """A handler of which only some effects can be taken back."""

    def can_undo(self, effect: Any) -> bool:
        """Whether this one can be, once it is done."""
        ...


@runtime_checkable
class UndoHeld(Undoable, Protocol):
    """A handler of which an undo may have to wait until a person has done something else."""

    def held(self, effect: Any) -> str:
        """Why it cannot be taken back yet, and what a person does first; empty where it can be tried. Never acts."""
        ...


@runtime_checkable
class Final(Protocol):
    """A handler that says why what it does cannot be taken back, as the end of a sentence."""

    final: str


def why_final(handler: Handler) -> str:
    """Why nothing that ``handler`` does, or not all of it, can be taken back."""
    return handler.final if isinstance(handler, Final) else "once done, it cannot be taken back"


def can_undo(handler: Handler, effect: Effect) -> bool:
    """Whether what ``handler`` does for ``effect`` can be taken back."""
    if isinstance(handler, PartlyUndoable):
        return handler.can_undo(effect)
    return isinstance(handler, Undoable)


@runtime_checkable
class Conditional(Protocol):
    """A handler whose effect rests on something that may have changed while it waited for a person."""

    def still_holds(self, effect: Any) -> str:
        """Return why it no longer holds, or an empty string."""
        ...
