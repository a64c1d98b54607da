"""Overview: all that runs, at a glance, now or at a past moment."""

from widgets.pages.overview.page import OverviewPage

__all__ = ["OverviewPage"]
