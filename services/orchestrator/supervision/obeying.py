"""Commands obeyed on the core thread: on disk together with all that they moved, and only then answered."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from services.core.commands import Command, given
from services.core.faults import fault_point
from services.orchestrator.commands import NoSuchProcess, NotNow
from services.orchestrator.supervision.holds import HeldInPart
from services.orchestrator.supervision.parameter_checks import pass_on
from services.orchestrator.supervision.supervisor import Supervisor

log = logging.getLogger(__name__)


def journalled(supervisor: Supervisor, obey: Callable[[Any, str], None]) -> "Callable[[Any, str], Future[Any]]":
    """What obeys a command in one step of the core.

    One that is refused moves nothing, and leaves no trace; but one that could be obeyed in part is on disk too.
    """
    loop, journal = supervisor.launcher.loop, supervisor.records.journal

    def obeyed(command: Command, by: str) -> "Future[Any]":
        done: Future[Any] = Future()

        def on_core() -> None:
            try:
                with supervisor.step():
                    fault_point("command.accepted")
                    refusal: HeldInPart | None = None
                    try:
                        obey(command, by)
                    except HeldInPart as part:
                        refusal = part
                    kept = journal.append(given(command, by), ahead=True)
                    fault_point("command.obeyed")
            except Exception as error:
                if not isinstance(error, (NotNow, NoSuchProcess)):
                    log.exception("%s by %s failed", command.type_name, by)
                done.set_exception(error)
                return
            kept.add_done_callback(lambda future: _answer(future, refusal, done))

        loop.post(on_core)
        return done

    return obeyed


def _answer(kept: "Future[Any]", refusal: HeldInPart | None, done: "Future[Any]") -> None:
    """It is on disk, or could not be: then that is what is told."""
    if refusal is not None and kept.exception() is None:
        done.set_exception(refusal)
    else:
        pass_on(kept, done)
