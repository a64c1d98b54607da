"""Adding processes of one's own, and taking them away: files in the home, by commands that window and CLI share."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.engine import Engine
from app.paths import Home
from app.wiring.own_files.accepted_before import in_words, is_done
from app.wiring.own_files.definition_text import file_of, read_text
from app.wiring.own_files.files import CANCEL_INSTEAD, customise, default_file, is_default, own_path
from services.core.commands import Command, Commands, accepted
from services.core.errors import UserError
from services.core.faults import fault_point
from services.core.whole_files import write_whole
from services.core.yamlfile import MAX_BYTES
from services.orchestrator.commands import AddProcess, Customise, NoSuchProcess, RemoveProcess
from services.orchestrator.definitions.process_files import write
from services.orchestrator.events import Alert
from services.orchestrator.near_names import hint

log = logging.getLogger(__name__)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""What a strategy and a campaign may both be called."""
_OWN_NAME = re.compile(r"^(name|campaign):.*?(?=\s+#|\s*$)", re.MULTILINE)
"""The line in which a strategy or campaign says its name."""
Done = dict[str, str]
"""What a command came to: the ``name`` of the process or file, and its ``path``."""


@dataclass(frozen=True)
class Adding:
    """Obeys ``AddProcess``, ``RemoveProcess`` and ``Customise``, each in a worker. Their futures give ``Done``.

    What is wrong is told before the command is journalled: ``UserError`` with the place and the mend.
    """

    engine: Engine
    home: Home
    replan: Callable[[], None]
    """Brings the running processes to what the files say. Blocks."""

    def register(self, commands: Commands, *only: type[Command]) -> None:
        """Take the commands; where nothing runs, ``only`` those that need no supervision."""
        for kind, prepare in self._prepares().items():
            if not only or kind in only:
                commands.register(kind, self._in_worker(prepare))

    def _prepares(self) -> dict[type[Command], Callable[[Any], Callable[[], Done]]]:
        """What checks each command and gives what obeys it."""
        return {AddProcess: self._add, RemoveProcess: self._remove, Customise: self._customise}

    def _add(self, command: AddProcess) -> Callable[[], Done]:
        if len(command.text) > MAX_BYTES:
            raise UserError("the definition is too long", f"process {command.process}", "keep data elsewhere")
        definition = read_text(command.text, command.process)
        self._refuse_taken(definition.name)
        return lambda: {"name": definition.name, "path": str(write(self.home.processes, definition))}

    def _remove(self, command: RemoveProcess) -> Callable[[], Done]:
        path = self._own_file(command.process)

        def remove() -> Done:
            path.unlink(missing_ok=True)
            return {"name": command.process, "path": str(path)}

        return remove

    def _customise(self, command: Customise) -> Callable[[], Done]:
        default = default_file(command.file)
        if not command.name:
            return lambda: {"name": default.stem, "path": str(customise(default, self.home.strategies))}
        target = own_path(default, self.home.strategies).with_name(f"{command.name}.yaml")
        if not NAME.fullmatch(command.name):
            raise UserError(f"{command.name!r} is no name for a strategy", mend="use a-z, 0-9 and '-', at most 40")
        if not _OWN_NAME.search(default.read_text(encoding="utf-8")):
            raise UserError("it has no name of its own", command.file, "customise it without a name")
        if target.exists():
            raise UserError(f"a file is called {command.name!r} already", str(target), "give the new one another name")
        self._refuse_taken(command.name)

        def write_it() -> Done:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, _renamed(default, command.name))
            return {"name": command.name, "path": str(target)}

        return write_it

    def _refuse_taken(self, name: str) -> None:
        unit = self.engine.orchestrator.units.get(name)
        path = file_of(self.home.processes, name)
        if path is not None or (unit is not None and not unit.leaving):
            where = str(path) if path else unit.plan.source if unit else ""
            raise UserError(f"a process is called {name!r} already", where, "give the new one another name")

    def _own_file(self, name: str) -> Path:
        """The user's file that defines the process."""
        path = file_of(self.home.processes, name)
        unit = self.engine.orchestrator.units.get(name)
        if path is not None:
            return path
        if unit is None:
            raise NoSuchProcess(f"no process is called {name!r}; {hint(name, [*self.engine.orchestrator.units])}")
        source = Path(unit.plan.source) if unit.plan.source else None
        if source is not None and source.is_relative_to(self.home.strategies):
            return source
        if source == self.home.settings:
            raise UserError(f"{name!r} is a project of the settings", str(source), "take it out of debugger.projects")
        if source is not None and is_default(source):
            raise UserError(f"{name!r} comes with Dreamscape", str(source), CANCEL_INSTEAD)
        raise UserError(f"{name!r} belongs to Dreamscape itself", mend="pause it instead")

    def go_on(self) -> None:
        """Obey what a crash left unobeyed, before the files are read; what it had done already stays. Blocks."""
        for each in accepted.unfinished(self.engine.journal, tuple(self._prepares())):
            try:
                self._prepares()[type(each.command)](each.command)()
                log.warning("%s, given before the crash, is obeyed now", each.command.type_name)
            except (UserError, NoSuchProcess) as refusal:
                self._refused_now(each.command, refusal)
            self._finish(each.seq)

    def _refused_now(self, command: Command, refusal: Exception) -> None:
        """Tell who gave it, unless it was obeyed before the crash."""
        if is_done(command, self.home):
            log.info("%s was obeyed before the crash", command.type_name)
            return
        what, about = in_words(command)
        told = f"{what} was accepted before the program ended, and cannot be done now: {refusal}"
        log.warning("%s", told)
        self.engine.clock.result(self.engine.journal.append(Alert(told, about)))

    def _finish(self, seq: int) -> None:
        self.engine.clock.result(self.engine.journal.write(lambda tx: accepted.finish(tx, seq)))

    def _in_worker(self, prepare: Callable[[Any], Callable[[], Done]]) -> Callable[[Command, str], "Future[Done]"]:
        """Obey in a worker: check, journal the command, do it, and let what runs follow."""

        def obeyed(command: Command, by: str) -> "Future[Done]":
            done: Future[Done] = Future()

            def work() -> None:
                try:
                    act = prepare(command)
                    journal = self.engine.journal
                    seq = self.engine.clock.result(journal.write(lambda tx: accepted.accept(tx, command, by)))
                    fault_point("command.accepted")
                    try:
                        told = act()
                        fault_point("command.obeyed")
                    finally:
                        self._finish(seq)
                    self.replan()
                    done.set_result(told)
                except Exception as error:
                    if not isinstance(error, (UserError, NoSuchProcess)):
                        log.exception("%s by %s failed", command.type_name, by)
                    done.set_exception(error)

            self.engine.workers.start(f"{command.type_name} {id(command)}", work)
            return done

        return obeyed


def _renamed(default: Path, name: str) -> bytes:
    """The default under another name, comments and all."""
    return _OWN_NAME.sub(lambda found: f"{found[1]}: {name}", default.read_text(encoding="utf-8"), count=1).encode()
