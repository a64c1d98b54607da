"""Which posts a strategy listens to."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator

from services.core.durations import parse_duration
from services.core.spelled import Spelled
from services.core.yamlfile import Document

Word = Annotated[str, Spelled(r"^\S(.{0,58}\S)?$", "1 to 60 letters in one line, with no space at either end")]


class Listening(Document):
    """Posts are about the market where one of the words stands in them, in capitals or not."""

    match: tuple[Word, ...] = Field(
        default=(), max_length=100, description="words; else the base", examples=[["BTC", "bitcoin"]]
    )
    sources: tuple[Word, ...] = Field(default=(), max_length=100, description="feeds; else all")
    recorded: str = Field(default="", max_length=300, description="pattern of a .jsonl file in the data folder")
    dead_after: str = Field(default="1h", description="a feed without post or beat for so long is no data")

    @field_validator("dead_after")
    @classmethod
    def _a_while(cls, dead_after: str) -> str:
        if parse_duration(dead_after) <= timedelta(0):
            raise ValueError(f"{dead_after!r} is no time; write one such as 10m or 1h")
        return dead_after

    def words(self, base: str) -> tuple[str, ...]:
        """Those of the file, or the base of the market, such as BTC."""
        return self.match or (base,)

    @property
    def dead_after_span(self) -> timedelta:
        return parse_duration(self.dead_after)
