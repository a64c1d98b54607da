"""Settings: what is in force, where each value came from, and what a person changes most."""

from widgets.pages.settings.page import ACTIONS, SettingsPage
from widgets.pages.settings.state import SettingRow, SettingsView

__all__ = ["ACTIONS", "SettingRow", "SettingsPage", "SettingsView"]
