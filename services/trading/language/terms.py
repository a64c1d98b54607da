"""The terms of a strategy's score: what each looks at, and how much it counts. Lengths are in bars."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from services.core.durations import parse_duration
from services.core.spelled import Spelled
from services.core.yamlfile import Document

Bars = Annotated[int, Field(ge=1, le=10_000)]
File = Annotated[str, Spelled(r"^[A-Za-z_][A-Za-z0-9_]{0,63}\.py$", "the name of a Python file in the folder plugins")]
Function = Annotated[str, Spelled(r"^[A-Za-z_][A-Za-z0-9_]{0,63}$", "the name of a Python function")]


class Weighed(Document):
    """What every term has: its weight in the score, and whether an entry needs it above 0."""

    weight: float = Field(default=1.0, ge=0, le=1_000_000)
    required: bool = False


class MacdSpans(Document):
    """Spans of the three exponential means."""

    fast: Bars = 12
    slow: int = Field(default=26, ge=2, le=10_000, validate_default=True)
    signal: Bars = 9

    @field_validator("slow")
    @classmethod
    def _slower(cls, slow: int, others: ValidationInfo) -> int:
        if slow <= others.data.get("fast", 0):
            raise ValueError(f"slow ({slow}) must be more bars than fast ({others.data['fast']})")
        return slow


class MacdCross(Weighed, MacdSpans):
    """1 where the MACD line crosses its signal line upwards, -1 downwards; fades over ``lasts`` bars."""

    kind: Literal["macd_cross"]
    lasts: Bars = 1


class MacdCurl(Weighed, MacdSpans):
    """Up to 1 where the histogram turns up from below zero, before the lines cross; fades over ``lasts`` bars.

    A turn down from above zero is the mirrored one, down to -1.
    """

    kind: Literal["macd_curl"]
    turn: Literal["up", "down", "both"] = "up"
    falls: Bars = 3
    rises: Bars = 2
    depth: float = Field(default=0.25, ge=0, le=100, description="in standard deviations of the histogram")
    window: int = Field(default=100, ge=2, le=10_000)
    below_zero: bool = False
    lasts: Bars = 10


class VolumeTerm(Weighed):
    """Unusual volume, with the sign of the bar's return; its baseline is the bars before."""

    kind: Literal["volume"]
    window: int = Field(default=20, ge=2, le=10_000)
    of: Literal["ratio", "log"] = "ratio"


class Momentum(Weighed):
    """The return over ``bars`` bars in units of ``scale`` standard deviations of what chance would give."""

    kind: Literal["momentum"]
    bars: Bars = 20
    window: int = Field(default=100, ge=2, le=10_000)
    scale: float = Field(default=2.0, gt=0, le=100)


class PluginTerm(Weighed):
    """What a Python file of the home's ``plugins`` says of the bars: from -1 to 1, NaN where it has no data.

    ``function(bars)`` is given lists (``times``, ``opens``, ``highs``, ``lows``, ``closes``, ``volumes``) and returns
    one number for each bar; it runs in a child, after you have approved the file.
    """

    kind: Literal["plugin"]
    file: File = Field(examples=["tides.py"])
    function: Function = "term"
    looks_back: int = Field(default=100, ge=0, le=10_000, description="bars of the past that it needs")
    deadline: str = Field(default="30s", description="late, it has the strategy hold", examples=["30s"])

    @field_validator("deadline")
    @classmethod
    def _a_time(cls, deadline: str) -> str:
        if parse_duration(deadline) <= timedelta(0):
            raise ValueError(f"{deadline!r} is no time at all")
        return deadline

    @property
    def patience(self) -> timedelta:
        """How long it may take for all bars."""
        return parse_duration(self.deadline)


Least = Annotated[int, Field(ge=1, le=1_000_000, description="voices; of fewer it says nothing")]
Full = Annotated[float, Field(gt=0, le=2, description="what counts as 1")]


class SentimentLevel(Weighed):
    """The mean sentiment of who was heard in the last ``window`` bars."""

    kind: Literal["sentiment"]
    window: Bars = 12
    least: Least = 3
    full: Full = 1.0


class SentimentMomentum(Weighed):
    """The mean sentiment of the last ``window`` bars less that of the ``window`` bars before them."""

    kind: Literal["sentiment_momentum"]
    window: Bars = 12
    least: Least = 3
    full: Full = 1.0


class PostVolume(Weighed):
    """Unusually many voices at a bar, against the ``window`` bars before, with the sign of what they say."""

    kind: Literal["post_volume"]
    window: int = Field(default=96, ge=2, le=10_000)


SocialTerm = SentimentLevel | SentimentMomentum | PostVolume
Term = Annotated[MacdCross | MacdCurl | VolumeTerm | Momentum | PluginTerm | SocialTerm, Field(discriminator="kind")]
