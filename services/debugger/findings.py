"""Findings: what is wrong with a project, where, and how it is mended."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding stands in the way."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One thing that a person should know: ``mend`` says what to do, ``where`` is a path, with line where known."""

    severity: Severity
    what: str
    where: str
    mend: str
