"""Definitions of processes as text: read before there is a file, and found again among the files."""

import tempfile
from pathlib import Path

from app.wiring.own_files.file_checks import told_of
from app.wiring.plans.kinds import KINDS
from services.core.errors import UserError, UserErrors
from services.orchestrator.definitions.definition import Definition, fault_of_name
from services.orchestrator.definitions.process_files import load


def read_text(text: str, name: str) -> Definition:
    """A definition out of YAML text that has no file yet; mistakes are told with their line and column."""
    if fault := fault_of_name(name):
        raise UserError(fault)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        told = Path(f"process {name}")
        try:
            definition = load(path, KINDS)
        except UserErrors as several:
            raise UserErrors([told_of(each, path, told) for each in several.errors]) from several
        except UserError as mistake:
            raise told_of(mistake, path, told) from mistake
    if definition.name != name:
        raise UserError(f"the file calls it {definition.name!r}", name, "use one name for both")
    return definition


def file_of(folder: Path, name: str) -> Path | None:
    """The file of ``folder`` that defines the process ``name``, by what it says or by what it is called."""
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            if load(path, KINDS).name == name:
                return path
        except UserError:  # its mistakes are told where it is loaded; it can still be removed by its file's name
            if path.stem == name:
                return path
    return None
