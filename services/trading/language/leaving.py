"""How a position is left other than by the score, and how long nothing is entered after it."""

from pydantic import Field

from services.core.yamlfile import Document


class Below(Document):
    """So far below a price, in percent of it."""

    percent: float = Field(gt=0, lt=100)


class Above(Document):
    """So far above the entry's price, in percent of it."""

    percent: float = Field(gt=0, le=100_000)


class LimitVolume(Document):
    """How much of a bar's volume a limit order may take."""

    percent: float = Field(default=10.0, gt=0, le=100)
