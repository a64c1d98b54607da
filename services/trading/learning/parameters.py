"""Parameters of a strategy by their dotted keys, such as ``macd.fast``: other values of them are another strategy."""

import json
from typing import Any

from pydantic import ValidationError

from services.core.errors import UserError
from services.trading.learning.values import Parameters, Value, in_words
from services.trading.strategy import Strategy
from services.trading.sweep.impossible import why


def varied(strategy: Strategy, parameters: Parameters) -> Strategy:
    """The same strategy with other values; raises ``UserError`` where that is none."""
    fields: dict[str, Any] = strategy.model_dump(mode="json", exclude_none=True)
    for key, value in parameters.items():
        _set(fields, key, value)
    try:
        return Strategy.model_validate_json(json.dumps(fields))
    except ValidationError as error:
        mend = "Name a key of its file, and a value fit for it"
        raise UserError(f"{why(error, fields)} ({in_words(parameters)})", strategy.name, mend) from error


def value_of(strategy: Strategy, key: str) -> Value:
    """What stands under a dotted key, its default included; None where nothing does."""
    found: Any = strategy.model_dump(mode="json")
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, dict | list):
        raise UserError(
            f"{key} holds several values", strategy.name, f"Name one of them, such as {key}.{next(iter(found))}"
        )
    value: Value = found
    return value


def _set(fields: dict[str, Any], key: str, value: Value) -> None:
    *path, last = key.split(".")
    for part in path:
        inner = fields.setdefault(part, {})
        if not isinstance(inner, dict):
            raise UserError(
                f"{part} holds one value, and {key} asks for one within it", "parameter", f"Name {part} alone"
            )
        fields = inner
    if value is None:
        fields.pop(last, None)
    else:
        fields[last] = value
