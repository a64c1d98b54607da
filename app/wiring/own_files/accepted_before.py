"""Commands about the user's files that a crash left: whether each was obeyed before it, and how a person knows it."""

from pathlib import Path

from app.paths import Home
from app.wiring.own_files.definition_text import file_of, read_text
from app.wiring.plans.kinds import KINDS
from services.core.commands import Command
from services.core.errors import UserError
from services.orchestrator.commands import AddProcess, Customise, RemoveProcess
from services.orchestrator.definitions.process_files import load


def is_done(command: Command, home: Home) -> bool:
    """Whether the files are as the command wants them; asked before they are read, so no process is known yet."""
    match command:
        case AddProcess(process, text):
            path = file_of(home.processes, process)
            return path is not None and _says(path, text, process)
        case RemoveProcess(process):
            strategies = [*home.strategies.rglob(f"{process}.yaml")]
            return file_of(home.processes, process) is None and not strategies
        case Customise(file, name):
            path = home.strategies / file
            return (path.with_name(f"{name}.yaml") if name else path).exists()
    return False


def in_words(command: Command) -> tuple[str, str]:
    """A command as a person knows it, and what it is about."""
    match command:
        case AddProcess(process):
            return f"Adding {process!r}", process
        case RemoveProcess(process):
            return f"Removing {process!r}", process
        case Customise(file, name):
            return f"A version of your own of {file}", name or file
    return command.type_name, ""


def _says(path: Path, text: str, process: str) -> bool:
    """Whether the file defines just what ``text`` does; a mistaken one does not."""
    try:
        return load(path, KINDS) == read_text(text, process)
    except UserError:
        return False
