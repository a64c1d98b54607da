"""Commands: what a person or a rule tells Dreamscape to do, as frozen data that window, CLI and API share."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from services.core.events import Event
from services.core.events.messages import Message


class Command(Message):
    """``class PauseProcess(Command, name="process.pause")`` followed by its fields."""

    words: ClassVar[frozenset[str]] = frozenset()
    """Fields that people alone read, and that mean the same with a secret masked in them."""


class CommandGiven(Event, name="command.given"):
    """A command was given; on disk in one transaction with what it moves here, or, where it acts outside, before."""

    command: str
    fields: dict[str, Any]
    by: str


def given(command: Command, by: str) -> CommandGiven:
    """The journal's entry for a command."""
    return CommandGiven(command.type_name, msgspec.to_builtins(command), by)


Obey = Callable[[Any, str], "Future[Any]"]
"""Obeys one kind of command for ``by`` and gives the result as a future; never blocks."""


class NobodyObeys(LookupError):
    """No handler is registered for this command."""


@dataclass
class Commands:
    """Dispatches commands to the handlers that ``app/`` registered."""

    _handlers: dict[type[Command], Obey] = field(default_factory=dict)

    def register(self, kind: type[Command], obey: Obey) -> None:
        self._handlers[kind] = obey

    def knows(self, kind: type[Command]) -> bool:
        """Whether somebody obeys this kind of command."""
        return kind in self._handlers

    def dispatch(self, command: Command, by: str = "user") -> "Future[Any]":
        """Have ``command`` obeyed. From any thread; faults come through the future."""
        obey = self._handlers.get(type(command))
        if obey is None:
            future: Future[Any] = Future()
            future.set_exception(NobodyObeys(command.type_name))
            return future
        return obey(command, by)
