"""The user's YAML files as pydantic models, every mistake at once, each with its file, line and column.

The file is composed to nodes first: their marks give a place to every part, and pydantic's ``loc`` leads from a
mistake to its node. Values are read as YAML 1.2 reads them, so ``22:00``, ``no`` and ``2026-01-31`` stay text.
"""

import json
import re
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from services.core.errors import UserError, UserErrors
from services.core.regular_files import require_regular
from services.core.yamlmistakes import told

M = TypeVar("M", bound=BaseModel)

MAX_BYTES = 1_000_000
"""Larger files are not configuration; they are refused before they are parsed."""
MAX_NODES = 100_000
"""With every alias written out; aliases of aliases grow without bound."""


class Document(BaseModel):
    """Base of models read from files: unknown keys and coerced types are mistakes, and values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def load_model(path: Path, model: type[M]) -> M:
    """Read ``path`` as ``model``; raises ``UserError``, or ``UserErrors`` with all mistakes of the file."""
    return parse_model(_read(path), model, str(path))


def parse_model(text: str, model: type[M], where: str) -> M:
    """Read ``text``, told as coming from ``where``; raises as ``load_model`` does."""
    data, node = _compose(text, where)
    try:
        # JSON mode: strict about types, yet lists may be tuples and text may be dates, as a file has to write them.
        return model.model_validate_json(json.dumps(data))
    except ValidationError as error:
        mistakes = told(error, node, model, where)
        raise (mistakes[0] if len(mistakes) == 1 else UserErrors(mistakes)) from error


def value_in(path: Path, *keys: str) -> str:
    """Where the value under ``keys`` stands, as ``FILE:LINE:COLUMN``; the file alone where it has none any more."""
    try:
        _, node = _compose(_read(path), str(path))
    except UserError:
        return str(path)
    for key in keys:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        found = next((value for name, value in pairs if name.value == key), None)
        if found is None:
            return str(path)
        node = found
    return f"{path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def _read(path: Path) -> str:
    try:
        require_regular(path)
        if path.stat().st_size > MAX_BYTES:
            raise UserError(
                f"the file is larger than {MAX_BYTES:,} bytes", str(path), "Keep configuration and data apart"
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} is not UTF-8", str(path), "Save the file as UTF-8") from error
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise UserError(f"cannot be read: {what}", str(path), "Check the path and its permissions") from error


def _compose(text: str, where: str) -> tuple[Any, yaml.Node]:
    """The plain data and the nodes it came from."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise UserError("the file is empty", where, "Write its keys, or remove the file")
            _refuse_growth(node, where)
            return loader.construct_document(node), node
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _syntax(error, where) from error
    except yaml.YAMLError as error:
        raise UserError(f"this is not YAML: {error}", where, "Save it as plain text in UTF-8") from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise UserError(f"a number in it cannot be read: {error}", where, "Write it with fewer digits") from error
    except RecursionError as error:
        raise UserError("it is nested too deeply", where, "Write it with less nesting") from error


def _syntax(error: yaml.MarkedYAMLError, where: str) -> UserError:
    mark = error.problem_mark or error.context_mark
    place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
    what = error.problem or error.context or "this is not YAML"
    mend = next((mend for sign, mend in _SYNTAX if sign in what), _FORMS)
    return UserError(what, place, mend)


_FORMS = (
    "Check indentation, colons and quotes there: a line is 'name: value', a list 'names: [one, two]', "
    "and keys within a key are 'name: {one: 1, two: 2}'"
)
_SYNTAX = (
    ("a second time", "Take one of the two out"),
    (r"'\t'", "Indent with spaces, as in '  name: value'"),
    ("<stream end>", f"Close the quote or bracket that is open. {_FORMS}"),
    ("end of stream", f"Close the quote or bracket that is open. {_FORMS}"),
)
"""How a mistake of the syntax is mended, by what the parser says of it."""


def _refuse_growth(root: yaml.Node, where: str) -> None:
    """Count nodes as if every alias were written out; raises when that passes ``MAX_NODES``."""
    left, stack = MAX_NODES, [root]
    while stack:
        node = stack.pop()
        left -= 1
        if left < 0:
            raise UserError("its aliases grow without bound", where, "Write the values out instead of using aliases")
        if isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            stack.extend(part for pair in node.value for part in pair)


class _Loader(yaml.SafeLoader):
    """Safe, with the scalars of YAML 1.2's core schema, and no key twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} stands here a second time", key.start_mark
                    )
                seen.add(key.value)
        return cast("dict[Any, Any]", super().construct_mapping(node, deep=deep))


def _resolve(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


_resolve("bool", "true|True|TRUE|false|False|FALSE", "tTfF")
_resolve("int", "[-+]?(?:0|[1-9][0-9]*)", "-+0123456789")
_resolve("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789")
_resolve("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "-+.")
_resolve("null", "~|null|Null|NULL", "~nN")
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])
