"""Entries the other way: at a falling score, on perpetual futures."""

from pydantic import Field, field_validator

from services.core.yamlfile import Document


class Short(Document):
    """What mirrors ``enter`` and ``exit``; each is that of longs where nothing is said.

    A short is entered at a score of -enter or below, with every required term below 0, and left at -exit or above.
    """

    enter: float | None = Field(default=None, gt=0, le=1, description="a short at minus this score or below")
    exit: float | None = Field(default=None, description="left at minus this score or above")

    @field_validator("exit")
    @classmethod
    def _within_the_score(cls, exit_: float | None) -> float | None:
        if exit_ is not None and not -1 <= exit_ < 1:
            raise ValueError(f"a score is from -1 to 1; {exit_:g} is never met, or always")
        return exit_
