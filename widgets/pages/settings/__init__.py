"""Settings: what is in force and where it came from, what is wrong, and the few things a window changes itself."""

from widgets.pages.settings.page import ACTIONS, SettingsPage
from widgets.pages.settings.views import (
    ClueRow,
    EnvironmentRow,
    LoginRow,
    MistakeRow,
    PathRow,
    SettingRow,
    SettingsView,
    StandingRow,
)

__all__ = [
    "ACTIONS",
    "ClueRow",
    "EnvironmentRow",
    "LoginRow",
    "MistakeRow",
    "PathRow",
    "SettingRow",
    "SettingsPage",
    "SettingsView",
    "StandingRow",
]
