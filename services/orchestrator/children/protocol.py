"""The words between a child interpreter and the program: JSON lines over the child's own two pipes.

Imported by the child, so it knows neither Qt nor the store.
"""

from typing import Any

import msgspec

from services.core.process.context import Order
from services.core.process.injection import Fault
from services.orchestrator.events import Result

LONGEST = 16 * 2**20
"""Bytes that one line may have; more is a child gone wrong."""


class Named(msgspec.Struct, frozen=True):
    """An event or effect on its way: its name and version beside its payload."""

    name: str
    version: int
    payload: str


class Commit(msgspec.Struct, frozen=True, tag="commit"):
    """Events and position to keep. ``ask`` is answered when on disk; without it nobody waits, but a refusal is told."""

    events: list[Named]
    position: dict[str, Any] | None
    ask: int | None = None


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """A sign of life, with the progress."""

    done: float
    total: float | None
    doing: str
    eta: float | None
    waiting: str | None


class SampleBatch(msgspec.Struct, frozen=True, tag="samples"):
    """Samples since the last batch."""

    values: list[tuple[str, float]]


class Act(msgspec.Struct, frozen=True, tag="act"):
    """An effect to carry out in the parent; answered with an outcome."""

    ask: int
    effect: Named
    because: dict[str, Any] | str


class Propose(msgspec.Struct, frozen=True, tag="propose"):
    """A decision for a person; answered with its id."""

    ask: int
    effect: Named
    because: dict[str, Any] | str
    what: str
    expires: float | None
    evidence: dict[str, Any]


class Learn(msgspec.Struct, frozen=True, tag="learn"):
    """Rewards for arms, and what is kept together with them; answered with the weights."""

    ask: int
    learner: str
    arms: list[str]
    rewards: dict[str, float]
    events: list[Named]
    position: dict[str, Any] | None


class Holding(msgspec.Struct, frozen=True, tag="holding"):
    """The run is paused, or goes on."""

    paused: bool


class Log(msgspec.Struct, frozen=True, tag="log"):
    """One log line, as ``services.core.logs.encode`` gives it."""

    line: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The run is over; the last word of a child."""

    result: Result
    detail: str
    traceback: str
    amiss: bool = False


Word = Commit | Beat | SampleBatch | Act | Propose | Learn | Holding | Log | Ended


class Start(msgspec.Struct, frozen=True, tag="start"):
    """What to run."""

    name: str
    path: str
    parameters: dict[str, Any]
    epoch: int
    position: dict[str, Any] | None
    overrides: dict[str, Any]
    modules: list[str]
    """Modules whose messages the run may speak of."""
    version: str = ""
    """SHA-256 of the plug-in that was approved; no other bytes are imported."""
    check: bool = False
    """Build it and end: its parameters are to be checked, and nothing is to run."""


class Tell(msgspec.Struct, frozen=True, tag="tell"):
    """What the run is told."""

    order: Order
    fault: Fault | None = None
    """What is to go wrong at its next beat."""


class Renew(msgspec.Struct, frozen=True, tag="renew"):
    """The lease holds for ``seconds`` more; without renewal the child ends itself."""

    seconds: float


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """What a question came to: a value, or the name and text of a fault. Question 0 is what nobody waits for."""

    ask: int
    value: Any = None
    fault: str = ""
    text: str = ""


class Unread(msgspec.Struct):
    """What can be told of a word that does not fit: which it was, and whether its sender waits for an answer."""

    type: str
    ask: int | None = None


Reply = Start | Tell | Renew | Answer

encode = msgspec.json.Encoder().encode
decode_word = msgspec.json.Decoder(Word).decode
decode_unread = msgspec.json.Decoder(Unread).decode
decode_reply = msgspec.json.Decoder(Reply).decode
