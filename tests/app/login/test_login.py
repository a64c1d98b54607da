import configparser
import os
import plistlib
import subprocess
import sys
from pathlib import Path

import pytest

from app.login import entry_for, this_program
from app.paths import Home
from services.core.errors import UserError

COMMAND = ("/opt/my bots/bin/dreamscape", "--home", "/data/100%/$home", "run")


def linux(user: Path, **env: str):
    return entry_for("linux", user, env, COMMAND)


def desktop_entry(text: str) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(delimiters=("=",))
    parser.optionxform = str
    parser.read_string(text)
    return parser["Desktop Entry"]


def test_on_linux_a_desktop_entry_is_written_and_removed(tmp_path):
    entry = linux(tmp_path)
    assert not entry.is_on
    entry.turn_on()
    assert entry.is_on
    assert entry.path == tmp_path / ".config" / "autostart" / "dreamscape.desktop"
    assert [path.name for path in entry.path.parent.iterdir()] == ["dreamscape.desktop"]
    entry.turn_off()
    assert not entry.is_on
    assert not entry.path.exists()
    entry.turn_off()


def test_the_desktop_entry_says_what_the_shipped_one_says_but_for_the_place_of_the_program(tmp_path):
    shipped = desktop_entry((Path(__file__).parents[3] / "packaging/autostart/dreamscape.desktop").read_text())
    written = desktop_entry(linux(tmp_path).content.decode())
    assert {key for key in shipped if shipped[key] != written[key]} == {"Exec", "TryExec"}
    assert set(shipped) == set(written)


@pytest.mark.skipif(os.name != "posix", reason="asks a shell, which quotes as the Exec key does")
def test_words_of_the_command_survive_spaces_and_signs_of_the_desktop_entry(tmp_path):
    line = desktop_entry(linux(tmp_path).content.decode())["Exec"]
    assert "%" not in line.replace("%%", "")  # a single one would be a field code
    once = line.replace("\\\\", "\\").replace("%%", "%")  # a string of the file, then the Exec key's own rule
    said = subprocess.run(["sh", "-c", rf"printf '%s\n' {once}"], capture_output=True, text=True, check=True)
    assert tuple(said.stdout.splitlines()) == COMMAND


def test_xdg_config_home_counts_if_it_is_absolute(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    assert linux(tmp_path, XDG_CONFIG_HOME=str(elsewhere)).path.parent == elsewhere / "autostart"
    assert linux(tmp_path, XDG_CONFIG_HOME="relative").path.parent == tmp_path / ".config" / "autostart"


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_the_desktop_switched_off_is_off_until_it_is_written_again(tmp_path, line):
    entry = linux(tmp_path)
    entry.turn_on()
    kept = [each for each in entry.path.read_text().splitlines() if not each.startswith("X-GNOME-Autostart-enabled")]
    entry.path.write_text("\n".join([*kept, line, ""]))
    assert not entry.is_on
    entry.turn_on()
    assert entry.is_on


def test_on_macos_a_launch_agent_runs_the_command_at_login(tmp_path):
    entry = entry_for("darwin", tmp_path, {}, COMMAND)
    entry.turn_on()
    assert entry.path == tmp_path / "Library" / "LaunchAgents" / "dreamscape.plist"
    agent = plistlib.loads(entry.path.read_bytes())
    assert tuple(agent["ProgramArguments"]) == COMMAND
    assert agent["RunAtLoad"] is True
    assert entry.is_on


def test_on_windows_a_batch_file_stands_in_the_startup_folder(tmp_path):
    command = (r"C:\My bots\pythonw.exe", "-m", "app", "--home", r"D:\a&b\100%", "run")
    entry = entry_for("win32", tmp_path, {"APPDATA": str(tmp_path / "Roaming")}, command)
    entry.turn_on()
    assert entry.path.parent == tmp_path / "Roaming/Microsoft/Windows/Start Menu/Programs/Startup"
    last = entry.path.read_bytes().decode().split("\r\n")[-2]
    assert last == r'@start "" /d "C:\My bots" "C:\My bots\pythonw.exe" -m app --home "D:\a&b\100%%" run'
    assert entry.is_on


def test_a_system_without_a_known_place_has_no_entry(tmp_path):
    assert entry_for("aix", tmp_path, {}, COMMAND) is None


def test_a_place_that_cannot_be_written_is_told_with_its_path(tmp_path):
    (tmp_path / ".config").write_text("not a folder")
    with pytest.raises(UserError) as told:
        linux(tmp_path).turn_on()
    assert told.value.where.endswith("autostart/dreamscape.desktop")
    assert told.value.mend


def test_the_command_starts_this_installation_on_this_home(tmp_path):
    words = this_program(Home(tmp_path / "home", "--home"))
    assert words[-3:] == ("--home", str(tmp_path / "home"), "run")
    assert os.path.isabs(words[0])  # noqa: PTH117
    told = subprocess.run(
        [*words[:-1], "config", "--json"], cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60
    )
    assert str(tmp_path / "home") in told.stdout
    assert sys.executable.rpartition(os.sep)[0] in words[0]


def test_the_default_home_is_not_named(tmp_path):
    assert "--home" not in this_program(Home(tmp_path))
