"""A trading strategy as the user writes it in ``strategies/trading/*.yaml``."""

import hashlib
import re
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from services.core.durations import parse_duration
from services.core.errors import UserError
from services.core.spelled import Spelled
from services.core.yamlfile import Document, load_model
from services.trading.language.execution import Limit, LimitExecution
from services.trading.language.leaving import Above, Below, LimitVolume
from services.trading.language.short import Short
from services.trading.language.sizing import Sizing
from services.trading.language.social import Listening
from services.trading.language.terms import MacdCross, MacdSpans, SocialTerm, Term

GENERATED = "generated"
"""What ``data`` says when the built-in generated candles are wanted."""
LIVE = "live"
"""What ``data`` says when the bars of the set exchange are wanted, as they close."""
LONGEST_BAR = timedelta(days=366)


def _as_symbol(given: str) -> str:
    """What was probably meant by ``eth-btc`` or ``BTC/USDT:USDT``."""
    return "/".join(re.split(r"[^A-Z0-9]+", given.strip().upper())[:2])


Symbol = Annotated[
    str,
    Spelled(r"^[A-Z0-9]{2,15}/[A-Z0-9]{2,15}$", "base and quote in capitals with a slash between them", _as_symbol),
]


class Market(Document):
    """What is traded, and how finely: prices move by ``tick`` (quote), quantities by ``step`` (base)."""

    symbol: Symbol = Field(description="base and quote", examples=["ETH/BTC"])
    tick: float = Field(gt=0, description="smallest step of a price, in quote", examples=[0.01])
    step: float = Field(ge=1e-10, description="smallest step of a quantity, in base", examples=[0.001])
    min_notional: float = Field(default=0.0, ge=0, description="smallest order, in quote")
    kind: Literal["spot", "perpetual"] = Field(default="spot", description="perpetual: a linear perpetual future")

    @property
    def base(self) -> str:
        return self.symbol.partition("/")[0]

    @property
    def quote(self) -> str:
        return self.symbol.partition("/")[2]


class Fee(Document):
    """What the venue takes of each fill's notional, in quote."""

    percent: float = Field(default=0.1, ge=0, lt=100)


class Slippage(Document):
    """How far against us a fill is from its quote."""

    ticks: int = Field(default=1, ge=0, le=100_000)


Currency = Annotated[str, Spelled(r"^[A-Z0-9]{2,15}$", "a currency in capitals, such as BNB")]
_NAMED = "small letters, digits, dots, dashes and underscores, beginning with a letter or digit, 64 at most"
Name = Annotated[str, Spelled(r"^[a-z0-9][a-z0-9._-]{0,63}$", _NAMED)]


class Strategy(Document):
    """One strategy on one market. Each convention of a backtest is a key, so equal files give equal money."""

    name: Name = Field(examples=["my-strategy"])
    market: Market
    timeframe: str = Field(description="length of a bar", examples=["5m"])
    data: str = Field(
        default=GENERATED, min_length=1, description="file pattern in the data folder, or: generated, or: live"
    )
    macd: MacdSpans | None = Field(default=None, description="one MACD, in the place of terms")
    entry: Literal["macd_cross_up"] | None = Field(default=None, description="the entry of macd, in the place of terms")
    terms: dict[str, Term] = Field(
        default={},
        max_length=32,
        description="what the score is made of, by names",
        json_schema_extra={"minProperties": 1},  # where it stands in a file: see load_strategy
    )
    posts: Listening = Listening()
    social_alone: bool = Field(default=False, description="terms of posts alone may reach enter")
    enter: float = Field(default=1.0, gt=0, le=1, description="an entry at this score or above")
    exit: Literal["macd_cross_down"] | float = Field(default=-1.0, description="an exit at this score or below")
    short: Short | None = Field(default=None, description="trade falling scores too; perpetuals alone")
    stop: Below | None = Field(default=None, description="below the entry")
    trailing: Below | None = Field(default=None, description="below the highest price of earlier bars")
    target: Above | None = None
    cool_down: int = Field(default=0, ge=0, le=100_000, description="bars without an entry after an exit")
    sizing: Sizing = Sizing()
    execution: Literal["market"] | LimitExecution = Field(default="market", description="how an entry is sent")
    capital: float = Field(gt=0, description="what the bot may trade with, in quote")
    fee: Fee = Fee()
    fee_in: Literal["quote", "base"] | Currency = Field(
        default="quote", description="what pays the fee: quote, base, or another currency, valued at the fill"
    )
    fill: Literal["next_open", "close"] = "next_open"
    slippage: Slippage = Field(default=Slippage(), validate_default=True)
    both_touched: Literal["stop", "target"] = "stop"
    limit_volume: LimitVolume = LimitVolume()
    volume_unit: Literal["base", "quote"] = "base"
    max_missing: int = Field(default=3, ge=0, le=10_000, description="bars; after more, no entry until warm again")
    max_signal_age: str | None = Field(
        default=None,
        description="a bar received later after its close sends no order; half a bar unless said",
        examples=["2m"],
    )

    @field_validator("timeframe")
    @classmethod
    def _a_bar(cls, timeframe: str) -> str:
        if not timedelta(seconds=1) <= parse_duration(timeframe) <= LONGEST_BAR:
            far = "shorter than a second" if parse_duration(timeframe) <= LONGEST_BAR else "longer than a year"
            raise ValueError(f"{timeframe!r} is {far}; write a bar such as 1m, 5m or 1h")
        return timeframe

    @field_validator("slippage")
    @classmethod
    def _no_free_open(cls, slippage: Slippage, others: ValidationInfo) -> Slippage:
        if others.data.get("fill") == "next_open" and slippage.ticks < 1:
            raise ValueError("a fill at the next open slips by at least 1 tick; write ticks: 1, or fill: close")
        return slippage

    @field_validator("max_signal_age")
    @classmethod
    def _a_time(cls, max_signal_age: str | None) -> str | None:
        if max_signal_age is not None:
            parse_duration(max_signal_age)
        return max_signal_age

    @field_validator("fee_in")
    @classmethod
    def _another_currency(cls, fee_in: str, others: ValidationInfo) -> str:
        market = others.data.get("market")
        for side in ("base", "quote"):
            if market is not None and fee_in == getattr(market, side):
                raise ValueError(f"{fee_in} is the market's {side}; write fee_in: {side}")
        if fee_in == "base" and market is not None and market.kind == "perpetual":
            raise ValueError("a linear perpetual takes its fee in quote; write fee_in: quote")
        return fee_in

    @field_validator("execution", mode="before")
    @classmethod
    def _one_of_two_forms(cls, execution: object) -> object:
        if isinstance(execution, str) and execution != "market":
            raise ValueError(f"{execution!r} is none; write market, or {{limit: {{offset: {{ticks: 1}}}}}}")
        return execution

    @field_validator("short")
    @classmethod
    def _perpetuals_alone(cls, short: Short | None, others: ValidationInfo) -> Short | None:
        market = others.data.get("market")
        if short is not None and market is not None and market.kind != "perpetual":
            raise ValueError("spot is long or flat; shorts want market: {kind: perpetual}")
        return short

    @field_validator("exit")
    @classmethod
    def _within_the_score(cls, exit_: str | float, others: ValidationInfo) -> str | float:
        enter = others.data.get("enter")
        if isinstance(exit_, float) and not -1 <= exit_ < 1:
            raise ValueError(f"a score is from -1 to 1; {exit_:g} is never met, or always")
        if isinstance(exit_, float) and enter is not None and exit_ >= enter:
            leaves = f"an exit at {exit_:g} or below leaves what is entered at {enter:g} at once"
            raise ValueError(f"{leaves}; write an exit below {enter:g}, or raise enter")
        return exit_

    @model_validator(mode="after")
    def _one_way_to_decide(self) -> "Strategy":
        short = [key for key in ("macd", "entry") if getattr(self, key) is not None]
        if isinstance(self.exit, str):
            short.append("exit: macd_cross_down")
        if self.terms and short:
            raise ValueError(f"terms say what decides, and so does {short[0]}; write one of them")
        if self.short and self.short_exit >= self.short_enter:
            out, into = -self.short_exit, -self.short_enter
            raise ValueError(f"short: an exit at {out:g} or above leaves what is entered at {into:g} at once")
        return self

    @model_validator(mode="after")
    def _not_by_posts_alone(self) -> "Strategy":
        weights = [term.weight for term in self.terms.values()]
        social = sum(term.weight for term in self.terms.values() if isinstance(term, SocialTerm))
        enter = min(self.enter, self.short_enter) if self.short else self.enter
        if social > 0 and not self.social_alone and social >= enter * sum(weights):
            share = social / sum(weights)
            raise ValueError(
                f"terms of posts alone reach {share:g}, and an entry is at {enter:g}: give them less weight, "
                "raise enter, or write social_alone: true"
            )
        return self

    @property
    def live(self) -> bool:
        """Whether it reads the market as it is now."""
        return self.data == LIVE

    @property
    def listens(self) -> bool:
        """Whether a term is made of posts."""
        return any(isinstance(term, SocialTerm) for term in self.terms.values())

    @property
    def weighed(self) -> dict[str, Term]:
        """The terms of the score by name: those of the file, or the crosses of its one MACD."""
        if self.terms:
            return self.terms
        spans = self.macd or MacdSpans()
        return {"macd_cross": _cross(spans.fast, spans.slow, spans.signal)}

    @property
    def exit_at(self) -> float:
        """The score at or below which a position is left."""
        return self.exit if isinstance(self.exit, float) else -1.0

    @property
    def short_enter(self) -> float:
        """A short is entered at minus this score or below."""
        return self.short.enter if self.short and self.short.enter is not None else self.enter

    @property
    def short_exit(self) -> float:
        """A short is left at minus this score or above."""
        return self.short.exit if self.short and self.short.exit is not None else self.exit_at

    @property
    def limit(self) -> Limit | None:
        """The limit that entries rest at; None where they are at market."""
        return self.execution.limit if isinstance(self.execution, LimitExecution) else None

    @property
    def signal_age(self) -> timedelta:
        """How long after its close a bar may be received and still send an order."""
        return parse_duration(self.max_signal_age) if self.max_signal_age is not None else self.bar / 2

    def late(self, opened: datetime, received: datetime) -> bool:
        """Whether the bar that opened then was received too long after its close to send an order: it came after a
        sleep, in a catch-up, or from a fill-in. Both in UTC."""
        return received - (opened + self.bar) > self.signal_age

    @property
    def bar(self) -> timedelta:
        """The length of a bar."""
        return parse_duration(self.timeframe)

    @property
    def fee_rate(self) -> float:
        """The fee as a fraction of the notional."""
        return self.fee.percent / 100

    def to_json(self) -> str:
        """What differs from the defaults; ``from_json`` reads it."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def from_json(cls, text: str) -> "Strategy | None":
        """The strategy; None for one of a language that is no longer spoken."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return None

    def with_capital(self, capital: float | None) -> "Strategy":
        """The same with another capital; as it is for None."""
        return self if capital is None else self.model_copy(update={"capital": float(capital)})

    def version(self, *data: str) -> str:
        """16 hex digits of this strategy on this ``data``; anything that may change a decision changes them."""
        text = "\n".join([self.model_dump_json(), *data])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=1024)
def _cross(fast: int, slow: int, signal: int) -> MacdCross:
    return MacdCross(kind="macd_cross", fast=fast, slow=slow, signal=signal)


def load_strategy(path: Path) -> Strategy:
    """Read one file; raises ``UserError`` with the place of each mistake."""
    strategy = load_model(path, Strategy)
    said = strategy.model_fields_set
    if not strategy.terms and ("terms" in said or not said & {"macd", "entry"}):
        what = "terms has none" if "terms" in said else "it says nothing of what decides"
        mend = "Write terms, or macd: {} alone for crosses of 12, 26 and 9"
        raise UserError(f"{what}, and a MACD cross would be traded that the file does not name", str(path), mend)
    return strategy
