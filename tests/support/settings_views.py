"""A settings view as a test or a picture wants it."""

from typing import Any

from widgets.pages.settings.state import (
    ClueView,
    KeyringView,
    LoginView,
    PathView,
    SandboxView,
    SettingRow,
    SettingsView,
    SurroundingsView,
)

HOME = "/home/user/.local/share/dreamscape"
ROWS = (
    SettingRow(
        "general", "theme", "dark", f"{HOME}/settings.toml:2", meaning="The look of the window",
        choices=("system", "dark", "light"), variable="DREAMSCAPE_GENERAL__THEME",
    ),
    SettingRow("general", "close", "ask", meaning="What closing does", choices=("ask", "tray", "quit")),
    SettingRow("general", "autostart", "false", meaning="Start at login", choices=("true", "false")),
    SettingRow("store", "disk_cap_mb", "4096", f"{HOME}/settings.toml:5", meaning="Room on disk, MB", waits=True),
    SettingRow("store", "backups_keep", "7", meaning="How many backups are kept"),
    SettingRow(
        "log", "level", "DEBUG", "env DREAMSCAPE_LOG__LEVEL", meaning="The level that is written",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"), variable="DREAMSCAPE_LOG__LEVEL",
    ),
    SettingRow("trading", "paper_capital", "10000", meaning="What the paper account begins with"),
    SettingRow("trading", "data", "", meaning="Recorded candles"),
    SettingRow("trading", "api_key", "••••••••", "keyring", masked=True, meaning="The key", editable=False),
    SettingRow("trading", "api_secret", "", masked=True, meaning="The secret", editable=False),
    SettingRow("debugger", "projects", "paging", f"{HOME}/settings.toml:9", meaning="Projects", editable=False),
)  # fmt: skip


def settings_view(**changed: Any) -> SettingsView:
    values: dict[str, Any] = {
        "rows": ROWS,
        "environment": SurroundingsView("dev", "rule 6: branch main via .git/HEAD", False, "needs prod", (), "env=dev"),
        "trail": (
            ClueView("cli", "-"),
            ClueView("ci", "no"),
            ClueView("branch", "main via .git/HEAD", "prod", decided=True),
            ClueView("host", '"workstation" no match'),
        ),
        "keyring": KeyringView(True, "Secret Service; a variable in the environment wins over it"),
        "sandbox": SandboxView("own process", ("Keys are withheld",), ("Your files",)),
        "paths": (PathView("Home", HOME), PathView("Settings", f"{HOME}/settings.toml")),
        "theme": "dark",
        "autostart": LoginView(False, "/home/user/.config/autostart/dreamscape.desktop"),
    }
    return SettingsView(**values | changed)
