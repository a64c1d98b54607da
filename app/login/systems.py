"""What Linux, macOS and Windows read at login."""

from __future__ import annotations

import os
import plistlib
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PureWindowsPath

from app.login.entry import Entry
from app.paths import Home

LABEL = "dreamscape"
_DESKTOP = """\
[Desktop Entry]
Type=Application
Version=1.4
Name=Dreamscape
Comment=Runs, watches, heals and explains your bots
Exec={command}
TryExec={program}
Icon=dreamscape
Terminal=false
X-GNOME-Autostart-enabled=true
X-GNOME-Autostart-Delay=5
"""


def this_systems_entry(home: Home, env: Mapping[str, str]) -> Entry | None:
    """The entry of this user on this machine; None on a system that has no known place for it."""
    return entry_for(sys.platform, Path.home(), env, this_program(home))


def entry_for(platform: str, user: Path, env: Mapping[str, str], command: Sequence[str]) -> Entry | None:
    """The entry on a `sys.platform` for the user whose folder is `user`."""
    if platform == "win32":
        return _windows(user, env, command)
    if platform == "darwin":
        return _macos(user, command)
    if platform.startswith(("linux", "freebsd")):
        return _freedesktop(user, env, command)
    return None


def this_program(home: Home) -> tuple[str, ...]:
    """The words that start this very installation on this home, by absolute paths: at login PATH is another."""
    interpreter = Path(sys.executable)
    script = interpreter.with_name("dreamscape")
    windowed = interpreter.with_name("pythonw.exe")
    if getattr(sys, "frozen", False):
        words = [str(interpreter)]
    elif sys.platform == "win32" and windowed.exists():
        words = [str(windowed), "-m", "app"]
    elif script.exists():
        words = [str(script)]
    else:
        words = [str(interpreter), "-m", "app"]
    if home.chosen_by != "default":
        words += ["--home", str(home.root)]
    return (*words, "run")


def _freedesktop(user: Path, env: Mapping[str, str], command: Sequence[str]) -> Entry:
    named = env.get("XDG_CONFIG_HOME", "")
    folder = Path(named) if os.path.isabs(named) else user / ".config"  # noqa: PTH117 - "" is not absolute
    words = " ".join(map(_exec_word, command))
    text = _DESKTOP.format(command=_as_string(words), program=_as_string(command[0]))
    return Entry(folder / "autostart" / f"{LABEL}.desktop", text.encode())


def _exec_word(word: str) -> str:
    """One word of an Exec line: quoted where the Desktop Entry Specification asks for it."""
    word = word.replace("%", "%%")
    if re.fullmatch(r"[\w@%+=:,./-]+", word):
        return word
    return '"' + re.sub(r'(["`$\\])', r"\\\1", word) + '"'


def _as_string(text: str) -> str:
    return text.replace("\\", "\\\\")


def _macos(user: Path, command: Sequence[str]) -> Entry:
    agent = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    }
    return Entry(user / "Library" / "LaunchAgents" / f"{LABEL}.plist", plistlib.dumps(agent))


def _windows(user: Path, env: Mapping[str, str], command: Sequence[str]) -> Entry:
    roaming = env.get("APPDATA", "")
    programs = Path(roaming) if roaming else user / "AppData" / "Roaming"
    folder = programs / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    place = PureWindowsPath(command[0]).parent
    words = " ".join(map(_cmd_word, command))
    lines = ("@chcp 65001 >nul", f'@start "" /d {_cmd_word(str(place))} {words}', "")
    return Entry(folder / f"{LABEL}.cmd", "\r\n".join(lines).encode())


def _cmd_word(word: str) -> str:
    """One word in a batch file; no path on Windows has a quote in it."""
    word = word.replace("%", "%%")
    return word if re.fullmatch(r"[\w:./\\-]+", word) else f'"{word}"'
