"""Text of a certain form. Where it is not of it, a person is told the form in words; an editor is told the pattern.

pydantic's own mistake of a pattern quotes the regular expression, which says nothing to whoever wrote the file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class Spelled:
    """Stands beside a type, as in ``Annotated[str, Spelled("^[a-z]+$", "a word in small letters")]``.

    ``right`` goes on after "should be". ``near`` makes of what was given what was probably meant; it is told where it
    is of the form.
    """

    pattern: str
    right: str
    near: Callable[[str], str] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "pattern": self.pattern}

    def _checked(self, text: str) -> str:
        if not self._fits(text):
            raise PydanticCustomError("spelling", "Input should be {right}", {"right": self._told(text)})
        return text

    def _told(self, text: str) -> str:
        meant = self.near(text) if self.near is not None else ""
        return f"{meant}: {self.right}" if meant and self._fits(meant) else self.right

    def _fits(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text) is not None
