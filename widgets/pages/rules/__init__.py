"""The Rules page: what watches what, how it stands, and arming again what only a person may."""

from widgets.pages.rules.page import RulesPage

__all__ = ["RulesPage"]
