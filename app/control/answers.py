"""Requests turned into answers: what is asked is read from projections, what is told is dispatched as a command.

An answer says how things stand after the command is on disk, such as PAUSING until the checkpoint is reached.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec

from app.control import account, readings
from app.control.at_rest import check_at_rest
from app.control.definitions import Definitions
from app.control.one_decision import DecisionFields, one_decision, told_of
from app.control.protocol import Document, Request
from app.control.reached import Reached
from app.engine import Engine
from app.paths import Home
from app.wiring.plans.kind_names import kind_name
from app.wiring.promotions import KINDS as PROMOTIONS
from services.core.commands import Command
from services.core.decisions import ledger
from services.core.decisions.commands import (
    ApproveDecision,
    EditDecision,
    LookNow,
    RejectDecision,
    SettleUnknown,
    SnoozeDecision,
    UndoDecision,
    WakeDecision,
)
from services.core.errors import UserError
from services.core.process import ALIVE, PAUSED, State
from services.core.rules.events import RearmRule
from services.core.rules.standings import RuleStandings
from services.core.store.beside import copy_with_beside
from services.orchestrator.commands import (
    CancelProcess,
    Customise,
    InjectFault,
    KillProcess,
    PauseProcess,
    ResumeProcess,
    RunNow,
    SetParameters,
    SkipNext,
    StopService,
)
from services.orchestrator.history.projections import Processes, ProcessRow, RunRow
from services.orchestrator.history.run_pages import runs_of

PATIENCE = 60.0
"""Seconds that a command is waited for; what takes longer goes on, and the answer says how it stands by then."""
TROUBLE_PATIENCE = 5.0
"""Seconds after which it is told that a store that is full or locked has not taken a command."""
BY = "user"
_PROCESS: dict[str, type[Command]] = {
    "pause": PauseProcess,
    "resume": ResumeProcess,
    "cancel": CancelProcess,
    "kill": KillProcess,
    "fault": InjectFault,
    "run-now": RunNow,
    "skip-next": SkipNext,
    "set": SetParameters,
}
_DECISION: dict[str, type[Command]] = {
    "approve": ApproveDecision,
    "edit": EditDecision,
    "look-again": LookNow,
    "reject": RejectDecision,
    "wake": WakeDecision,
    "undo": UndoDecision,
    "settle": SettleUnknown,
}


_ACCOUNT = ("close", "reconcile", "resolve", "arm", "disarm")


def _nothing() -> None:
    """For a program without a window, or that is no program."""


class SnoozeFields(msgspec.Struct, forbid_unknown_fields=True):
    """What is put off, and for how long; at most ten years."""

    id: str
    seconds: Annotated[float, msgspec.Meta(gt=0, le=3.2e8)]


@dataclass
class Hooks:
    """What the runtime does when told over the socket; called on a thread of the control channel."""

    show: Callable[[], None] | None = None
    """Bring the window to the front; None where there is no window."""
    quit: Callable[[], None] | None = None
    """Begin the end and return at once; None where nothing runs."""
    standing: Callable[[], Document] = field(default=dict)
    """What the program takes itself for: its ``environment``, and whether it is in ``safe_mode``; and how its account
    reaches the ``exchange``, None where it keeps none."""
    defined: Callable[[], None] = field(default=_nothing)
    """The files of ``processes/`` have changed, and what they define is under supervision or gone."""


@dataclass
class Answers:
    """Answers requests for one engine. ``running`` is False where the engine was opened for one command only."""

    engine: Engine
    home: Home
    hooks: Hooks = field(default_factory=Hooks)
    running: bool = True

    def __call__(self, request: Request) -> Document:
        """The answer; blocks. Raises ``UserError`` or an error of the domain where it cannot be done."""
        if request.do in _PROCESS:
            return self._process(request.do, readings.fields_as(_PROCESS[request.do], request.fields))
        if request.do in _DECISION:
            return self._decision(readings.fields_as(_DECISION[request.do], request.fields))
        if request.do in _ACCOUNT:
            return account.told(self.engine, request, self.running)
        answer = self._others().get(request.do)
        if answer is None:
            raise UserError(f"this Dreamscape does not know {request.do!r}", mend="use the same version for both")
        return answer(request.fields)

    def _others(self) -> dict[str, Callable[[Document], Document]]:
        view, running = self.engine.view, self.running
        definitions = Definitions(self.engine, self.home, self.running)
        return {
            "ps": lambda fields: readings.ps(
                view,
                readings.fields_as(readings.PsFields, fields),
                running,
                self._runs_of,
                self.engine.keeping.amiss(),
            ),
            "decision": self._one_decision,
            "inbox": lambda fields: readings.inbox(view, readings.fields_as(readings.InboxFields, fields)),
            "snooze": self._snooze,
            "rules": lambda fields: readings.rules(view),
            "decisions": self._decisions,
            "standing": lambda fields: self.hooks.standing(),
            "show": self._show,
            "quit": self._quit,
            "backup": self._backup,
            "process-add": lambda fields: self._defined(definitions.add(fields)),
            "process-remove": lambda fields: self._defined(definitions.remove(fields)),
            "rearm": self._rearm,
            "customise": self._customise,
            **{do: partial(self._promotion, kind) for do, kind in PROMOTIONS.items()},
            "stop-trading": lambda fields: self._stop_trading(),
        }

    def _process(self, do: str, command: Any) -> Document:
        if isinstance(command, SetParameters) and not self.running:
            check_at_rest(self.engine.view.value(Processes).named(command.process), command.parameters)
        reached = Reached(self.engine)
        ending = reached.runs_of(command.process) if do == "kill" else frozenset()
        self._dispatch(command)
        reached.end_of(command.process, ending)
        resuming = reached.going_on(command.process) if do == "resume" and self.running else frozenset()
        self._show_now()
        shown = self._shown(command.process, resuming)
        if do == "set":
            shown["parameters"] = command.parameters
        return shown

    def _shown(self, name: str, resuming: frozenset[str] = frozenset()) -> Document:
        """The processes that a command was about, as of now; ``resuming`` were told to go on, and will."""
        view = self.engine.view
        rows = [row for row in view.value(Processes).rows if name in ("*", row.name)]
        told = [readings.process(view, row, self.running) for row in rows]
        for each in told:
            if each["name"] in resuming:
                each |= {"state": "resuming", "because": "told to go on, and it has yet to say that it does"}
        return {"running": self.running, "processes": told}

    def _decision(self, command: Any) -> Document:
        self._dispatch(command)
        entry = self.engine.clock.result(self.engine.journal.write(lambda tx: ledger.by_id(tx, command.id)))
        return {"decisions": [told_of(entry, self.engine.view.value(RuleStandings))]}

    def _snooze(self, fields: Document) -> Document:
        wanted = readings.fields_as(SnoozeFields, fields)
        until = self.engine.clock.now() + timedelta(seconds=wanted.seconds)
        told = self._decision(SnoozeDecision(wanted.id, until))
        told["decisions"][0]["snoozed_until"] = until.isoformat()
        return told

    def _decisions(self, fields: Document) -> Document:
        with self.engine.store.reading.connect() as connection:
            return readings.decisions(
                self.engine.view, readings.fields_as(readings.DecisionsFields, fields), connection
            )

    def _one_decision(self, fields: Document) -> Document:
        with self.engine.store.reading.connect() as connection:
            wanted = readings.fields_as(DecisionFields, fields)
            return one_decision(connection, wanted, self.engine.view.value(RuleStandings))

    def _runs_of(self, process: str, last: int) -> tuple[RunRow, ...]:
        with self.engine.store.reading.connect() as connection:
            return runs_of(connection, process, last)

    def _dispatch(self, command: Command) -> None:
        # What takes longer than the patience goes on; what is told next is how it stands by then.
        with suppress(TimeoutError):
            self._obeyed(command)
        self._show_now()

    def _obeyed(self, command: Command) -> Any:
        """What came of a command. Raises ``UserError`` where the store does not take it, or ``TimeoutError``."""
        clock, health = self.engine.clock, self.engine.journal.health
        future, until = self.engine.commands.dispatch(command, BY), clock.monotonic() + PATIENCE
        while (left := until - clock.monotonic()) > 0:
            with suppress(TimeoutError):
                clock.result(future, min(left, TROUBLE_PATIENCE))
            if future.done():
                return future.result()
            if health.trouble:
                raise UserError(
                    f"it is not on disk yet, for the store takes no writes ({health.trouble})",
                    str(self.engine.store.path),
                    "free some space, or end what locks it: then it is done, unless Dreamscape has ended by then",
                )
        raise TimeoutError

    def _show_now(self) -> None:
        """Publish what is on disk, so that whoever asks next is told no less than this answer told."""
        self.engine.ask(self.engine.projections.show)

    def _show(self, fields: Document) -> Document:
        if self.hooks.show is None:
            return {"shown": False, "pid": os.getpid()}
        self.hooks.show()
        return {"shown": True, "pid": os.getpid()}

    def _quit(self, fields: Document) -> Document:
        if self.hooks.quit is None:
            raise UserError("this instance cannot be told to quit", mend="end it where it was started")
        rows = self.engine.view.value(Processes).rows
        paused = [row.name for row in rows if row.state in PAUSED]
        still = [row.name for row in rows if row.state in ALIVE - PAUSED]
        self.hooks.quit()
        return {"quit": True, "pid": os.getpid(), "open": still, "paused": paused}

    def _backup(self, fields: Document) -> Document:
        named = fields.get("file")
        fresh = f"dreamscape-{self.engine.clock.now():%Y%m%d-%H%M%S-%f}.db"
        target = Path(named) if isinstance(named, str) and named else self.home.backups / fresh
        if target.exists():
            raise UserError("the file exists already", str(target), "choose another name, or move it away")
        if named and not target.parent.is_dir():
            raise UserError("there is no such folder", str(target.parent), "make it first, or name another")
        copy_with_beside(self.engine.store, target)
        return {"path": str(target), "bytes": target.stat().st_size}

    def _stop_trading(self) -> Document:
        """Bring the account to rest, where one is kept; end and hold every trading process."""
        closing = account.stop(self.engine)
        reached = Reached(self.engine)
        runs = {row.name: reached.runs_of(row.name) for row in self._trading()}
        self._dispatch(StopService("trading"))
        running = [name for name, epochs in runs.items() if epochs]
        held = reached.held() if self.running else frozenset(r.name for r in self._trading() if r.state is State.PAUSED)
        names = [row.name for row in self._trading() if row.name in held]
        live = [row.name for row in self._trading() if row.name in held and kind_name(row.kind) == "trading.live"]
        told = account.remaining(self.engine, closing)
        return {"running": self.running, "asked_to_end": running, "held": names, "held_live": live, **told}

    def _trading(self) -> list[ProcessRow]:
        return [row for row in self.engine.view.value(Processes).rows if row.service == "trading"]

    def _rearm(self, fields: Document) -> Document:
        name, rules = str(fields.get("rule", "")), [row.name for row in self.engine.view.value(RuleStandings).rows]
        if name not in rules and account.was_kept(self.home):
            return account.rearmed(self.engine, fields, rules)
        command = readings.fields_as(RearmRule, fields)
        try:
            told: Document = self._obeyed(command)
        except UserError as no:
            raise account.or_a_guard(no, name) from no
        self._show_now()
        return told

    def _promotion(self, kind: type[Command], fields: Document) -> Document:
        """A promotion by its strategy's name, and how its decision stands after that."""
        identity = str(self._obeyed(readings.fields_as(kind, fields)))
        self._show_now()
        return self._one_decision({"id": identity})

    def _customise(self, fields: Document) -> Document:
        """A default, copied into the home; under a name of its own it is one more process."""
        command = readings.fields_as(Customise, fields)
        told: Document = self.engine.clock.result(self.engine.commands.dispatch(command))
        return {**told, "process": told["name"] if command.name else "", "running": self.running}

    def _defined(self, told: Document) -> Document:
        self.hooks.defined()
        self._show_now()
        return told | self._shown(told["name"])
