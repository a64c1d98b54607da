"""Building a process from its description: class path and parameters, validated, every mistake at once."""

import importlib
import inspect
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from services.core.mistakes import in_words, of_values, shown
from services.core.process import ConfigurationFault, Process
from services.orchestrator.definitions.plugin_files import load_plugin


def is_plugin(path: str) -> bool:
    """Whether a class path names a file of the user's own instead of a module of ours."""
    return path.rpartition(":")[0].endswith(".py")


def plugin_file(path: str) -> Path:
    """The file of a plug-in's class path."""
    return Path(path.rpartition(":")[0])


def load_class(path: str, version: str = "") -> type[Process]:
    """The class at ``package.module:Class`` or ``/folder/file.py:Class``; raises ``ConfigurationFault``.

    A file is imported only if it has the SHA-256 ``version``, and from those very bytes.
    """
    name = path.rpartition(":")[2]
    if is_plugin(path):
        found = getattr(load_plugin(plugin_file(path), version), name, None)
        if found is None:
            raise ConfigurationFault(f"{plugin_file(path)}: it has no class {name!r}. Write one, or name another.")
    else:
        found = _from_module(path)
    if not (isinstance(found, type) and issubclass(found, Process)):
        raise ConfigurationFault(f"{path} is no Process; a process derives from services.core.process.Process")
    return found


def build(path: str, parameters: dict[str, Any], where: str, version: str = "") -> Process:
    """A process with validated parameters; raises ``ConfigurationFault`` that tells every mistake."""
    kind = load_class(path, version)
    try:
        return _adapter(kind).validate_python(parameters)
    except ValidationError as error:
        told = "; ".join(_told(fault, kind) for fault in of_values(error.errors(include_url=False), parameters))
        raise ConfigurationFault(f"{where}: {told}") from error


def _told(fault: ErrorDetails, kind: type[Process]) -> str:
    name = ".".join(map(str, fault["loc"]))
    if fault["type"] == "unexpected_keyword_argument":
        known = ", ".join(inspect.signature(kind).parameters)
        return f"there is no parameter {name!r}" + (f"; there are {known}" if known else "; it takes none")
    if fault["type"].startswith("time_delta"):
        return f"{name}: {fault['input']!r} is no duration; write hours:minutes:seconds, such as 0:15:00"
    rule = fault["msg"].partition(" should ")[2]
    if not rule or fault["type"] == "value_error":
        return f"{name}: {fault['msg'].removeprefix('Value error, ')}"
    return f"{name}: it should {in_words(rule)}, and is {shown(fault['input'])}{_cleared(fault, kind)}"


def _cleared(fault: ErrorDetails, kind: type[Process]) -> str:
    """How text that is left out by being empty is left out."""
    name = fault["loc"][0] if len(fault["loc"]) == 1 else ""
    known = inspect.signature(kind).parameters.get(str(name))
    left_out = fault["input"] is None and known is not None and known.default == ""
    return f"; '{name}=' clears it" if left_out else ""


def _adapter(kind: type[Process]) -> TypeAdapter[Process]:
    if "__pydantic_config__" not in kind.__dict__:
        kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)  # type: ignore[attr-defined]
    return TypeAdapter(kind)


def _from_module(path: str) -> Any:
    module, _, name = path.rpartition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except Exception as error:
        raise ConfigurationFault(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
