"""How much an entry takes."""

from pydantic import Field, model_validator

from services.core.yamlfile import Document


class Sizing(Document):
    """A share of the bot's cash, the fee included, or a fixed amount of quote, scaled down to the cash."""

    percent: float | None = Field(default=None, gt=0, le=100, description="of the bot's cash, the fee included")
    fixed: float | None = Field(default=None, gt=0, description="an amount in quote, the fee included")

    @model_validator(mode="after")
    def _one_of_them(self) -> "Sizing":
        if self.percent is not None and self.fixed is not None:
            raise ValueError("percent and fixed are two ways to say it; write one of them")
        return self

    @property
    def share(self) -> float:
        """Of the cash, as a share of 1; 1 where nothing is said."""
        return (self.percent if self.percent is not None else 100.0) / 100
