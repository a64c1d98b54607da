"""What is told to a sweep that a window asks for, and what it tells back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SweepOrder:
    """Which strategy, on the candles of which folder, with which capital, and the axes as a person writes them."""

    strategy: str
    data: str
    capital: float | None
    axes: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """One combination; a figure that does not exist is NaN."""

    parameters: str
    sharpe: float
    total_return: float
    max_drawdown: float
    trades: int
    alike: int = 0
    """How many more combinations have the same figures."""


@dataclass(frozen=True)
class SweepFound:
    """``values`` row by row: of two axes the best Sharpe ratio over all others; NaN where none has one."""

    column_name: str
    columns: tuple[str, ...]
    row_name: str
    rows: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    now: tuple[int, int] | None
    """Column and row of what the strategy has now, where it is among them."""
    best: tuple[Found, ...]
    combinations: int
    bars: int
    label: str
    engine: str
    notes: tuple[str, ...] = ()
    """What somebody must know beside the figures."""
