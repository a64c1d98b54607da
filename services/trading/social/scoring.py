"""The scorer of trading posts: VADER's, and a list of crypto words of our own."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.core.sentiment import Scorer
from services.core.yamlfile import Document, load_model

STEPS = 10_000
"""Compound scores have four digits, so they are whole numbers of this part: sums of them are exact."""


class Slang(Document):
    """Words, in lower case, on VADER's scale."""

    words: dict[Annotated[str, Field(pattern=r"^[^\sA-Z]{2,30}$")], Annotated[float, Field(ge=-4, le=4)]]


@cache
def trading_scorer() -> Scorer:
    """Its lexicon and the list are read at the first call."""
    return Scorer(load_model(Path(__file__).with_name("slang.yaml"), Slang).words)


def steps_of(text: str) -> int:
    """The compound score in whole steps, from -``STEPS`` to ``STEPS``."""
    return round(trading_scorer().compound(text) * STEPS)
