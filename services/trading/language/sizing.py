"""How much an entry takes."""

from datetime import timedelta

from pydantic import Field, field_validator, model_validator

from services.core.durations import parse_duration
from services.core.yamlfile import Document


class Volatility(Document):
    """As much as is expected to spread by ``percent`` of equity within ``over``, and never more than the cash pays.

    The spread is the standard deviation (ddof 0) of the last ``window`` one-bar returns, times sqrt(over / bar).
    """

    percent: float = Field(gt=0, le=1000, description="of equity, one standard deviation")
    over: str = Field(default="1d", description="the horizon", examples=["1d"])
    window: int = Field(default=100, ge=2, le=10_000, description="closed bars")

    @field_validator("over")
    @classmethod
    def _a_time(cls, over: str) -> str:
        parse_duration(over)
        return over

    @property
    def horizon(self) -> timedelta:
        return parse_duration(self.over)


class Sizing(Document):
    """A share of the bot's cash, the fee included; a fixed amount of quote; or as much as spreads by a target."""

    percent: float | None = Field(default=None, gt=0, le=100, description="of the bot's cash, the fee included")
    fixed: float | None = Field(default=None, gt=0, description="an amount in quote, the fee included")
    volatility: Volatility | None = Field(default=None, description="a target for what the position spreads by")

    @model_validator(mode="after")
    def _one_of_them(self) -> "Sizing":
        said = [name for name in ("percent", "fixed", "volatility") if getattr(self, name) is not None]
        if len(said) > 1:
            raise ValueError(f"{said[0]} and {said[1]} are two ways to say it; write one of them")
        return self

    @property
    def share(self) -> float:
        """Of the cash, as a share of 1; 1 where nothing is said."""
        return (self.percent if self.percent is not None else 100.0) / 100
