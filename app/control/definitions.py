"""Processes that the user adds and removes: one YAML file each, and supervision told of it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from app.control.protocol import Document
from app.control.readings import fields_as
from app.engine import Engine
from app.paths import Home
from app.wiring.own_files.definition_text import file_of, read_text
from services.core.errors import UserError
from services.core.events import Event
from services.orchestrator.commands import AddProcess, RemoveProcess
from services.orchestrator.definitions.definition import Definition
from services.orchestrator.definitions.process_files import write
from services.orchestrator.history.projections import Processes
from services.orchestrator.near_names import hint


class ProcessAdded(Event, name="process.added"):
    """A person defined a process; ``file`` has it."""

    process: str
    file: str
    by: str


class _Add(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    text: str
    """The YAML of the definition."""


class _Remove(msgspec.Struct, forbid_unknown_fields=True):
    name: str


@dataclass(frozen=True)
class Definitions:
    """The files of the home's ``processes`` folder."""

    engine: Engine
    home: Home
    running: bool

    def add(self, fields: Document) -> Document:
        """Write the file, and begin the process where the program runs. Raises ``UserError`` for what is not sound."""
        wanted = fields_as(_Add, fields)
        if self.engine.commands.knows(AddProcess):
            return self._told(AddProcess(wanted.name, wanted.text)) | {"added": True}
        definition = read_text(wanted.text, wanted.name)
        self._refuse_taken(wanted.name)
        path = write(self.home.processes, definition)
        added = ProcessAdded(definition.name, str(path), "user")
        self.engine.clock.result(self.engine.journal.append(added, source=definition.name))
        if self.running and definition.enabled:
            self._begin(definition)
        return {"name": definition.name, "path": str(path), "added": True}

    def remove(self, fields: Document) -> Document:
        """Take the file away, and end the process. Its history stays."""
        name = fields_as(_Remove, fields).name
        if self.engine.commands.knows(RemoveProcess):
            return self._told(RemoveProcess(name)) | {"removed": True}
        path = file_of(self.home.processes, name)
        if path is None:
            raise self._not_ours(name)
        path.unlink()
        if self.running:
            if name in self.engine.orchestrator.units:
                self.engine.ask(lambda: self.engine.orchestrator.remove(name, "user"))
        else:
            self.engine.orchestrator.records.removed(name, "user")
        self.engine.clock.result(self.engine.journal.write(lambda tx: None))
        return {"name": name, "path": str(path), "removed": True}

    def _told(self, command: AddProcess | RemoveProcess) -> Document:
        """Obeyed by the running program, as when the window tells it."""
        told: Document = self.engine.clock.result(self.engine.commands.dispatch(command))
        return dict(told)

    def _begin(self, definition: Definition) -> None:
        from app.wiring.own_files.plugins import Plugins
        from app.wiring.plans.plans import of_definition

        plugins = Plugins(self.engine.acts, self.home.plugins)
        plan = of_definition(definition, self.home, plugins, self.home.processes / f"{definition.name}.yaml")
        orchestrator = self.engine.orchestrator
        self.engine.ask(lambda: orchestrator.begin(orchestrator.define(plan)))
        self.engine.clock.result(self.engine.journal.write(lambda tx: None))

    def _refuse_taken(self, name: str) -> None:
        unit = self.engine.orchestrator.units.get(name)
        path = file_of(self.home.processes, name)
        if unit is not None or path is not None:
            where = str(path) if path else unit.plan.source if unit else ""
            raise UserError(f"a process is called {name!r} already", where, "give the new one another name")

    def _not_ours(self, name: str) -> UserError:
        unit = self.engine.orchestrator.units.get(name)
        if unit is not None and unit.plan.source:
            return UserError(f"{name!r} was not added as a process", unit.plan.source, "change it in that file")
        known = [row.name for row in self.engine.view.value(Processes).rows]
        mend = "'dreamscape ps' lists all" if name in known else hint(name, known)
        return UserError(f"no process called {name!r} was added", str(self.home.processes), mend)
