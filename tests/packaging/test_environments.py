"""How bootstrap makes `.venv`, on a small project of its own that needs no package and so no network."""

import json
from pathlib import Path

import pytest
from bootstrapping.console import BootstrapError
from bootstrapping.environments import MAKING, Environment

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""

BACKEND = """
import zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "dreamscape-0.0-py3-none-any.whl"
    info = "dreamscape-0.0.dist-info/"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as wheel:
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: dreamscape\\nVersion: 0.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\n")
        wheel.writestr(info + "entry_points.txt", "[console_scripts]\\ndreamscape = app:main\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""


def project(folder: Path) -> Path:
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").write_text("def main():\n    print('here')\n")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """A project whose environment is made once: making one takes seconds of a whole core."""
    return project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def environment(shared: Path) -> Environment:
    """Made and current, whatever a test before did with it."""
    (shared / "pyproject.toml").write_text(PROJECT)
    made = Environment(shared, ".venv", lock="")
    made.prepare()
    return made


def test_a_start_after_the_first_finds_everything_done(environment, capfd):
    assert environment.program("dreamscape").exists()
    assert list((environment.root / "app" / "__pycache__").glob("*.pyc")), "byte code is compiled at installation"
    capfd.readouterr()
    environment.prepare()
    assert environment.is_current()
    assert capfd.readouterr().err == ""


def test_an_installation_stopped_in_the_middle_is_made_anew(environment, capfd):
    environment.write_stamp(state=MAKING)
    leftover = environment.folder / "half-unpacked"
    leftover.touch()
    environment.prepare()
    assert "making it anew" in capfd.readouterr().err
    assert environment.is_current()
    assert not leftover.exists()


def test_what_makes_an_environment_outdated_and_what_makes_it_unsound(environment):
    stamp = environment.stamp()
    (environment.root / "pyproject.toml").write_text(PROJECT + "\n# another line\n")
    assert environment.is_sound()
    assert not environment.is_current()
    assert not Environment(environment.root, ".venv", lock="other==1\n").is_current()
    environment.write_stamp(**{**stamp, "root": "/somewhere/else"})
    assert not environment.is_sound()
    environment.write_stamp(**{**stamp, "base": "3.11.0 /gone"})
    assert not environment.is_sound()
    environment.stamp_file.write_text("{cut off")
    assert not environment.is_sound()
    environment.write_stamp(**stamp)
    assert environment.is_sound()
    program = environment.program("dreamscape")
    aside = program.rename(program.with_name("aside"))
    assert not environment.is_sound()
    aside.rename(program)


def test_an_environment_made_by_hand_is_completed_and_kept(root):
    environment = Environment(root, ".venv", lock="")
    environment.make()
    environment.stamp_file.unlink()
    note = environment.folder / "note"
    note.touch()
    environment.prepare()
    assert environment.is_current()
    assert note.exists()


def test_a_package_that_cannot_be_had_is_told_with_its_mend_and_leaves_nothing_that_counts_as_whole(root):
    lock = f"absent-package==1.0 \\\n    --hash=sha256:{'0' * 64}\n"
    environment = Environment(root, ".venv", lock)
    with pytest.raises(BootstrapError, match="could not be installed") as caught:
        environment.prepare()
    assert "absent-package" in str(caught.value)
    assert "run the same command again" in caught.value.mend
    assert not environment.is_sound()
    assert json.loads(environment.stamp_file.read_text())["state"] == MAKING
