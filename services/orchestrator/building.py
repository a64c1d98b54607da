"""Building a process from its description: class path and parameters, validated, every mistake at once."""

import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from services.core.process import ConfigurationFault, Process


def load_class(path: str) -> type[Process]:
    """The class at ``package.module:Class`` or ``/folder/file.py:Class``; raises ``ConfigurationFault``."""
    module_path, _, name = path.rpartition(":")
    try:
        module = _from_file(Path(module_path)) if module_path.endswith(".py") else importlib.import_module(module_path)
        found = getattr(module, name)
    except Exception as error:
        raise ConfigurationFault(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    if not (isinstance(found, type) and issubclass(found, Process)):
        raise ConfigurationFault(f"{path} is no Process; a process derives from services.core.process.Process")
    return found


def build(path: str, parameters: dict[str, Any], where: str) -> Process:
    """A process with validated parameters; raises ``ConfigurationFault`` that tells every mistake."""
    kind = load_class(path)
    try:
        return _adapter(kind).validate_python(parameters)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ConfigurationFault(f"{where}: {told}") from error


def _adapter(kind: type[Process]) -> TypeAdapter[Process]:
    if "__pydantic_config__" not in kind.__dict__:
        kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)  # type: ignore[attr-defined]
    return TypeAdapter(kind)


def _from_file(path: Path) -> Any:
    """Import a plug-in's file under a name of its own, so that it can shadow nothing."""
    unique = f"dreamscape_plugin_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(unique, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no module at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[unique] = module
    spec.loader.exec_module(module)
    return module
