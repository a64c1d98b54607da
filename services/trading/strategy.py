"""A trading strategy as the user writes it in ``strategies/trading/*.yaml``."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from services.core.durations import parse_duration
from services.core.yamlfile import Document, load_model

GENERATED = "generated"
"""What ``data`` says when the built-in generated candles are wanted."""


class Market(Document):
    """What is traded, and how finely: prices move by ``tick`` (quote), quantities by ``step`` (base)."""

    symbol: str = Field(pattern=r"^[A-Z0-9]{2,15}/[A-Z0-9]{2,15}$", description="base and quote", examples=["ETH/BTC"])
    tick: float = Field(gt=0, description="smallest step of a price, in quote", examples=[0.01])
    step: float = Field(ge=1e-10, description="smallest step of a quantity, in base", examples=[0.001])
    min_notional: float = Field(default=0.0, ge=0, description="smallest order, in quote")

    @property
    def base(self) -> str:
        return self.symbol.partition("/")[0]

    @property
    def quote(self) -> str:
        return self.symbol.partition("/")[2]


class MacdSpans(Document):
    """Spans of the three exponential means, in bars."""

    fast: int = Field(default=12, ge=1, le=10_000)
    slow: int = Field(default=26, ge=2, le=10_000)
    signal: int = Field(default=9, ge=1, le=10_000)

    @field_validator("slow")
    @classmethod
    def _slower(cls, slow: int, others: ValidationInfo) -> int:
        if slow <= others.data.get("fast", 0):
            raise ValueError(f"slow ({slow}) must be more bars than fast ({others.data['fast']})")
        return slow


class Sizing(Document):
    """How much an entry takes of the bot's cash, the fee included."""

    percent: float = Field(default=100.0, gt=0, le=100)


class Fee(Document):
    """What the venue takes of each fill's notional, in quote."""

    percent: float = Field(default=0.1, ge=0, lt=100)


class Slippage(Document):
    """How far against us a fill is from its quote."""

    ticks: int = Field(default=1, ge=0, le=100_000)


class Strategy(Document):
    """One strategy on one market. Each convention of a backtest is a key, so equal files give equal money."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", examples=["my-strategy"])
    market: Market
    timeframe: str = Field(description="length of a bar", examples=["5m"])
    data: str = Field(default=GENERATED, min_length=1, description="file pattern in the data folder, or: generated")
    macd: MacdSpans = MacdSpans()
    entry: Literal["macd_cross_up"] = "macd_cross_up"
    exit: Literal["macd_cross_down"] = "macd_cross_down"
    sizing: Sizing = Sizing()
    capital: float = Field(gt=0, description="what the bot may trade with, in quote")
    fee: Fee = Fee()
    fill: Literal["next_open", "close"] = "next_open"
    slippage: Slippage = Field(default=Slippage(), validate_default=True)

    @field_validator("timeframe")
    @classmethod
    def _a_bar(cls, timeframe: str) -> str:
        if parse_duration(timeframe) < timedelta(seconds=1):
            raise ValueError(f"{timeframe!r} is shorter than a second; write a bar such as 1m, 5m or 1h")
        return timeframe

    @field_validator("slippage")
    @classmethod
    def _no_free_open(cls, slippage: Slippage, others: ValidationInfo) -> Slippage:
        if others.data.get("fill") == "next_open" and slippage.ticks < 1:
            raise ValueError("a fill at the next open slips by at least 1 tick; write ticks: 1, or fill: close")
        return slippage

    @property
    def bar(self) -> timedelta:
        """The length of a bar."""
        return parse_duration(self.timeframe)

    @property
    def fee_rate(self) -> float:
        """The fee as a fraction of the notional."""
        return self.fee.percent / 100

    def version(self, *data: str) -> str:
        """16 hex digits of this strategy on this ``data``; anything that may change a decision changes them."""
        text = "\n".join([self.model_dump_json(), *data])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def load_strategy(path: Path) -> Strategy:
    """Read one file; raises ``UserError`` with the place of each mistake."""
    return load_model(path, Strategy)
