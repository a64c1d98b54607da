"""A strategy's file with other values of some parameters: its comments, order and all other lines stay as they are."""

import json

import yaml

from services.core.errors import UserError
from services.core.yamlfile import parse_model
from services.trading.learning.parameters import varied
from services.trading.learning.values import Parameters, Value, in_words
from services.trading.strategy import Strategy


def rewritten(text: str, parameters: Parameters, where: str) -> str:
    """``text`` with those values; raises ``UserError`` where it cannot be written so that it means just that."""
    wanted = varied(parse_model(text, Strategy, where), parameters)
    for key, value in parameters.items():
        text = _with(text, key.split("."), value)
    if not _means(text, wanted, where):
        mend = "Write the values into the file by hand"
        raise UserError(f"its form does not allow {in_words(parameters)} to be written into it", where, mend)
    return text


def _means(text: str, wanted: Strategy, where: str) -> bool:
    try:
        return parse_model(text, Strategy, where) == wanted
    except UserError:  # such as an alias of a value that is no longer there
        return False


def _with(text: str, keys: list[str], value: Value) -> str:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for depth, key in enumerate(keys):
        found = _under(node, key)
        if found is None:
            return _inserted(text, node, key, _nested(keys[depth + 1 :], value))
        node = found
    if node is None or (isinstance(node, yaml.CollectionNode) and not node.flow_style):
        return text  # what does not come out as wanted is refused by who asked
    return text[: node.start_mark.index] + _scalar(value) + text[node.end_mark.index :]


def _under(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _nested(keys: list[str], value: Value) -> str:
    """``{one: {two: 3}}``, or the value alone."""
    told = _scalar(value)
    for key in reversed(keys):
        told = f"{{{key}: {told}}}"
    return told


def _inserted(text: str, node: yaml.Node | None, key: str, told: str) -> str:
    """One more key as the first of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        return text
    at = node.start_mark.index
    if node.flow_style:
        return f"{text[: at + 1]}{key}: {told}{', ' if node.value else ''}{text[at + 1 :]}"
    return f"{text[:at]}{key}: {told}\n{' ' * node.start_mark.column}{text[at:]}"


def _scalar(value: Value) -> str:
    return json.dumps(value)
