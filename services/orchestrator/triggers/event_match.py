"""Conditions on the payload of an event, as a user writes them: ``{failed: ">0", suite: nightly}``."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.core.events import Recorded

Scalar = str | int | float | bool | None

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_ORDERED = frozenset({">", ">=", "<", "<="})
_COMPARISON = re.compile(r"\s*(>=|<=|!=|==|>|<)\s*(.+?)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """``field`` (dots reach into what is nested) compared with ``value``."""

    field: str
    comparison: str
    value: Scalar

    @classmethod
    def parse(cls, field: str, written: Scalar) -> "Condition":
        """Read ``">0"``, ``"!=green"`` or a plain value, which means equality.

        Raises ``ValueError`` where an order is asked of what has none.
        """
        found = _COMPARISON.fullmatch(written) if isinstance(written, str) else None
        if found is None:
            return cls(field, "==", written)
        comparison, text = found.groups()
        value = _number(text)
        if comparison in _ORDERED and isinstance(value, str):
            raise ValueError(f"{written!r} compares with no number; write {comparison}0 or leave out the {comparison}")
        return cls(field, comparison, value)

    @property
    def written(self) -> Scalar:
        """The form that ``parse`` reads."""
        if self.comparison == "==" and Condition.parse(self.field, self.value) == self:
            return self.value
        return f"{self.comparison}{self.value}"

    def holds(self, payload: Mapping[str, Any]) -> bool:
        """A field that is not there, or is of another kind, fulfils nothing but ``!=``."""
        found: Any = payload
        for part in self.field.split("."):
            found = found.get(part, _MISSING) if isinstance(found, Mapping) else _MISSING
        if found is _MISSING:
            return self.comparison == "!="
        if self.comparison in _ORDERED and (isinstance(found, bool) or not isinstance(found, int | float)):
            return False
        return _OPERATORS[self.comparison](found, self.value)


def matches(name: str, conditions: tuple[Condition, ...], recorded: Recorded) -> bool:
    """Whether a kept event bears ``name`` and fulfils all ``conditions``. Pure, so a replay triggers the same."""
    if recorded.event.type_name != name:
        return False
    if not conditions:
        return True
    payload = recorded.event.payload_fields()
    return all(condition.holds(payload) for condition in conditions)


_MISSING = object()


def _number(text: str) -> Scalar:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
