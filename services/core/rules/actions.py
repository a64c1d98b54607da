"""What a rule can ask for: short sentences in the user's file, frozen values in the program."""

from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum

EACH = "each"
"""Stands for the subject that the rule fired for."""


class Verb(StrEnum):
    """The whole vocabulary."""

    PAUSE = "pause"
    RESTART = "restart"
    RUN = "run"
    ROLL_BACK = "roll back"
    STOP_AUTO_APPLY = "stop auto-apply"
    ALERT = "alert"
    REPORT = "report"
    RAISE_LOG_LEVEL = "raise log level"


_OBJECT: dict[Verb, str] = {
    Verb.PAUSE: "a process or each",
    Verb.RESTART: "a process or each",
    Verb.RUN: "a process",
    Verb.ROLL_BACK: "what to roll back, such as strategy",
}
"""What must follow a verb."""

_ALONE = frozenset({Verb.STOP_AUTO_APPLY, Verb.ALERT, Verb.REPORT})
_SUBJECT_BY_DEFAULT = frozenset({Verb.RESTART, Verb.RAISE_LOG_LEVEL})


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. ``target`` is a name, ``each`` before the rule has fired, or empty where none is needed."""

    verb: Verb
    target: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.target}".rstrip()

    @property
    def needs_subject(self) -> bool:
        return self.target == EACH

    def aimed_at(self, subject: str) -> "Action":
        """The same action with ``each`` replaced by the subject."""
        return replace(self, target=subject) if self.needs_subject else self


def parse_action(text: str) -> Action:
    """Read ``pause each``, ``roll back strategy``, ``alert``; raises ``ValueError`` that says what would be right."""
    words = text.split()
    for verb in sorted(Verb, key=len, reverse=True):
        head = verb.split()
        if [word.lower() for word in words[: len(head)]] == head:
            return _with_target(verb, " ".join(words[len(head) :]), text)
    near = get_close_matches(text.lower(), [str(verb) for verb in Verb], n=1)
    told = f"did you mean {near[0]!r}?" if near else f"the actions are {', '.join(Verb)}"
    raise ValueError(f"{text!r} is no action; {told}")


def _with_target(verb: Verb, target: str, text: str) -> Action:
    if verb in _ALONE and target:
        raise ValueError(f"{text!r}: nothing follows {verb!s}; take {target!r} out")
    if not target and verb in _SUBJECT_BY_DEFAULT:
        return Action(verb, EACH)
    if not target and verb in _OBJECT:
        raise ValueError(f"{text!r} is incomplete; write {_OBJECT[verb]} after {verb!s}")
    return Action(verb, target)
