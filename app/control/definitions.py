"""Processes that the user adds and removes: one YAML file each, and supervision told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.control.protocol import Document
from app.control.readings import fields_as
from app.engine import Engine
from app.paths import Home
from services.core.errors import UserError, UserErrors
from services.core.events import Event
from services.orchestrator.definition import Definition
from services.orchestrator.process_files import load, write


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
        path = self._file_of(name)
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

    def _begin(self, definition: Definition) -> None:
        from app.wiring.plans import of_definition

        plan = of_definition(definition, self.home)
        orchestrator = self.engine.orchestrator
        self.engine.ask(lambda: orchestrator.begin(orchestrator.define(plan)))
        self.engine.clock.result(self.engine.journal.write(lambda tx: None))

    def _refuse_taken(self, name: str) -> None:
        unit = self.engine.orchestrator.units.get(name)
        path = self._file_of(name)
        if unit is not None or path is not None:
            where = str(path) if path else unit.plan.source if unit else ""
            raise UserError(f"a process is called {name!r} already", where, "give the new one another name")

    def _file_of(self, name: str) -> Path | None:
        """The file that defines ``name``, by its name or by what it says."""
        from app.wiring.kinds import KINDS

        files = sorted([*self.home.processes.glob("*.yaml"), *self.home.processes.glob("*.yml")])
        for path in files:
            try:
                if load(path, KINDS).name == name:
                    return path
            except UserError:  # its mistakes are told where it is loaded; it can still be removed by its file's name
                if path.stem == name:
                    return path
        return None

    def _not_ours(self, name: str) -> UserError:
        unit = self.engine.orchestrator.units.get(name)
        if unit is not None and unit.plan.source:
            return UserError(f"{name!r} was not added as a process", unit.plan.source, "change it in that file")
        return UserError(f"no process called {name!r} was added", str(self.home.processes), "'dreamscape ps' lists all")


def read_text(text: str, name: str) -> Definition:
    """A definition out of YAML text that has no file yet; mistakes are told with their line and column."""
    import tempfile

    from app.wiring.kinds import KINDS

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        if path.parent != Path(folder):
            raise UserError(f"{name!r} is no name for a process", mend="use letters, digits, '.', '_' and '-'")
        path.write_text(text, encoding="utf-8")
        try:
            definition = load(path, KINDS)
        except UserErrors as several:
            raise UserErrors([_at(each, path, name) for each in several.errors]) from several
        except UserError as mistake:
            raise _at(mistake, path, name) from mistake
    if definition.name != name:
        raise UserError(f"the file calls it {definition.name!r}", name, "use one name for both")
    return definition


def _at(mistake: UserError, path: Path, name: str) -> UserError:
    return UserError(mistake.what, mistake.where.replace(str(path), f"process {name}"), mistake.mend)
