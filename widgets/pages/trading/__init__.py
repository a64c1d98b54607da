"""The Trading page."""

from widgets.pages.trading.page import TradingPage

__all__ = ["TradingPage"]
