"""Settings: what is in force and where it came from, what is wrong, and the few things a window changes itself."""

from widgets.pages.settings.page import SettingsPage
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
