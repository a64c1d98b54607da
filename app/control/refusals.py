"""Errors of the domain that are the asker's to mend, in one line."""

from __future__ import annotations

from services.core.decisions.ledger import NoSuchDecision, NotWaiting
from services.core.effects import Refused
from services.core.effects.dealings import NoHandler
from services.core.errors import UserError
from services.core.events.messages import MalformedMessage, UnknownMessage
from services.core.process import ConfigurationFault
from services.core.unsure import Unsure
from services.orchestrator.commands import NoSuchProcess, NotNow

_REFUSALS = (NoSuchProcess, NoSuchDecision, NotWaiting, MalformedMessage, NoHandler, Refused, Unsure)
_OF_A_PROCESS = (NotNow, ConfigurationFault)
"""Their words begin with a process's name, whose letters are its own."""


def in_words(error: Exception) -> str | None:
    """One line for a person, or None for what is a fault of ours."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, UnknownMessage):
        return str(UserError(f"this version does not know {error} any more", mend="update Dreamscape"))
    if isinstance(error, _OF_A_PROCESS):
        return f"{str(error).rstrip('.')}."
    if isinstance(error, _REFUSALS):
        return str(UserError(str(error)))
    return None
