"""Why values make no strategy, in words."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from services.core.mistakes import RULE, in_words, of_values, shown


class Impossible(Exception):
    """A combination makes no strategy, such as a slow span that is no longer than the fast one; says why."""


def why(error: ValidationError, fields: Mapping[str, Any]) -> str:
    """The first mistake of these ``fields``: ``stop.percent is 200, and should be less than 100``."""
    first = of_values(error.errors(include_url=False), fields)[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"there is no key {place}"
    if first["type"] == "missing":
        return f"the key {place} is missing"
    message = first["msg"].removeprefix("Value error, ")
    rule = RULE.match(message)
    if first["type"] == "value_error" or rule is None:
        return f"{place}: {message}" if place else message
    return f"{place} is {shown(first['input'])}, and {in_words(rule['rule'])}"
