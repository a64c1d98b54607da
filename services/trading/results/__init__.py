"""The result of a backtest: what is kept of it, and how a program reads it."""

from services.trading.results.document import document
from services.trading.results.result import BacktestResult

__all__ = ["BacktestResult", "document"]
