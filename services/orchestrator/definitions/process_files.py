"""The files of ``processes/``: read with every mistake told and the rest going on, and written whole or not at all."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from services.core.errors import UserError, UserErrors
from services.core.whole_files import write_whole
from services.core.yamlfile import load_model
from services.orchestrator.definitions.definition import Definition, Kinds, model_for
from services.orchestrator.definitions.dependencies import Cycle, start_order, unknown


@dataclass(frozen=True)
class Loaded:
    """What a folder holds: sound definitions by name, and what is wrong with the others."""

    definitions: dict[str, Definition]
    mistakes: tuple[UserError, ...] = ()


class _Kind(BaseModel):
    """Looks at ``kind`` alone, since it says what ``with`` must be."""

    kind: Any = None


def load(path: Path, kinds: Kinds) -> Definition:
    """Read one file; raises ``UserError``, or ``UserErrors`` with all its mistakes."""
    kind = load_model(path, _Kind).kind
    checked = load_model(path, model_for(kind if isinstance(kind, str) else "", kinds, path.stem))
    data = checked.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return Definition.model_validate_json(json.dumps({**data, "name": checked.name, "with": data.get("with") or {}}))


def load_folder(folder: Path, kinds: Kinds, others: Collection[str] = ()) -> Loaded:
    """Read all files of a folder. ``others`` are processes that are defined elsewhere and may stand in ``after``."""
    found: dict[str, tuple[Path, Definition]] = {}
    mistakes: list[UserError] = []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            definition = load(path, kinds)
        except UserErrors as several:
            mistakes.extend(several.errors)
        except UserError as mistake:
            mistakes.append(mistake)
        else:
            if definition.name in found:
                mistakes.append(_twice(definition.name, found[definition.name][0], path))
            else:
                found[definition.name] = (path, definition)
    mistakes.extend(_drop_unstartable(found, others))
    return Loaded({name: definition for name, (_, definition) in found.items()}, tuple(mistakes))


def dump(definition: Definition) -> str:
    """The definition as YAML that ``load`` reads back as the same; what is at its default is left out."""
    data = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def write(folder: Path, definition: Definition) -> Path:
    """Write ``NAME.yaml`` whole. Comments of an old one are lost."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{definition.name}.yaml"
    write_whole(path, dump(definition).encode())
    return path


def _drop_unstartable(found: dict[str, tuple[Path, Definition]], others: Collection[str]) -> Iterable[UserError]:
    """Take out what comes after something unknown or after itself, until all that is left can start."""
    while True:
        after = {name: definition.after for name, (_, definition) in found.items()}
        missing = unknown(after | dict.fromkeys(others, ()))
        for name, sentences in missing.items():
            path, _ = found.pop(name)
            yield from (UserError(sentence, f"{path}: after") for sentence in sentences)
        if missing:
            continue
        try:
            start_order(after)
        except Cycle as cycle:
            for name in set(cycle.ring):
                path, _ = found.pop(name)
                yield UserError(str(cycle), f"{path}: after")
            continue
        return


def _twice(name: str, first: Path, second: Path) -> UserError:
    return UserError(
        f"the process {name!r} is defined in {first.name} already", str(second), "give one of them another name"
    )


class _Dumper(yaml.SafeDumper):
    """Quotes all text that could be read as something else, by any version of YAML."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_PLAIN = re.compile(r"[A-Za-z](?:[\w ./-]*[\w/])?|(?:\d+(?:ms|[smhdw]))+", re.ASCII)
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"})
_Dumper.add_representer(str, _text)
