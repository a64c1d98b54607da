"""Which Python bootstrap takes. The interpreters are small scripts on a PATH that holds nothing else."""

import json
import sys
from pathlib import Path

import pytest
from bootstrapping import interpreters
from bootstrapping.console import BootstrapError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in interpreters are shell scripts")


class Machine:
    """A PATH with the given programs; each is a script that answers what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        self.environ = {"PATH": str(self.bin), "PYENV_ROOT": str(folder / "pyenv")}

    def add(self, name: str, version: tuple[int, int, int], **differences: object) -> str:
        path = self.bin / name
        answer = {
            "version": version,
            "executable": str(path),
            "cpython": True,
            "bits": 64,
            "gil": True,
            "venv": True,
        }
        return self.script(path, f"echo '{json.dumps({**answer, **differences})}'")

    def script(self, path: Path, body: str) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    def find(self, running: str) -> interpreters.Interpreter:
        return interpreters.find(self.environ, running)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 4)])
def test_the_running_interpreter_is_taken_when_it_fits(machine, version):
    running = machine.add("python3", version)
    machine.add("python3.13", (3, 13, 1))
    assert machine.find(running).executable == running


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_a_running_interpreter_that_does_not_fit_gives_way_to_the_newest_that_does(machine, version):
    running = machine.add("python3", version)
    machine.add("python3.11", (3, 11, 2))
    newest = machine.add("python3.12", (3, 12, 1))
    assert machine.find(running).executable == newest


def test_a_shim_that_answers_with_an_error_does_not_count(machine):
    running = machine.add("python3", (3, 10, 13))
    machine.script(machine.bin / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    older = machine.add("python3.11", (3, 11, 2))
    assert machine.find(running).executable == older


def test_behind_a_shim_the_installed_version_itself_is_found(machine, tmp_path):
    running = machine.add("python3", (3, 10, 13))
    machine.script(machine.bin / "python3.12", "exit 127")
    real = tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python3.12"
    answer = {
        "version": [3, 12, 1],
        "executable": str(real),
        "cpython": True,
        "bits": 64,
        "gil": True,
        "venv": True,
    }
    machine.script(real, f"echo '{json.dumps(answer)}'")
    assert machine.find(running).executable == str(real)


def test_the_second_folder_of_the_path_is_searched_when_the_first_holds_a_broken_one(machine, tmp_path):
    running = machine.add("python3", (3, 14, 0))
    machine.script(machine.bin / "python3.13", "exit 1")
    second = Machine(tmp_path / "second")
    good = second.add("python3.13", (3, 13, 0))
    machine.environ["PATH"] += f":{second.bin}"
    assert machine.find(running).executable == good


@pytest.mark.parametrize(
    ("differences", "word"),
    [
        ({"bits": 32}, "32-bit"),
        ({"gil": False}, "ordinary CPython"),
        ({"cpython": False}, "ordinary CPython"),
    ],
)
def test_a_python_for_which_qt_is_not_built_is_refused_by_name(machine, differences, word):
    running = machine.add("python3", (3, 13, 0), **differences)
    with pytest.raises(BootstrapError, match=word):
        machine.find(running)


@pytest.mark.parametrize("version", ["3.10.13", "3.14.0"])
def test_the_message_names_what_was_looked_at_and_the_line_that_helps(machine, version):
    running = machine.add("python3", tuple(int(part) for part in version.split(".")))
    machine.script(machine.bin / "python3.12", "echo 'no such version here' >&2; exit 127")
    machine.script(machine.bin / "pyenv", "exit 0")
    with pytest.raises(BootstrapError) as caught:
        machine.find(running)
    assert "needs Python 3.11, 3.12 or 3.13" in str(caught.value)
    assert f"{running} ({version}) is not among" in str(caught.value)
    assert "does not start: no such version here" in str(caught.value)
    assert caught.value.mend == "pyenv install 3.13"


@pytest.mark.parametrize(
    ("system", "tools", "line"),
    [
        ("win32", [], "winget install Python.Python.3.13"),
        ("darwin", ["brew"], "brew install python@3.13"),
        ("linux", ["dnf"], "sudo dnf install python3.13"),
        ("linux", ["zypper"], "sudo zypper install python313"),
        ("linux", ["conda"], "conda create --name dreamscape python=3.13 && conda activate dreamscape"),
    ],
)
def test_each_system_gets_its_own_line(machine, system, tools, line):
    for tool in tools:
        machine.script(machine.bin / tool, "exit 0")
    assert interpreters.advice(machine.environ, system=system) == line


def test_the_interpreter_under_these_tests_is_recognised_as_what_it_is():
    found = interpreters.examine([sys.executable])
    assert found.version == ".".join(str(part) for part in sys.version_info[:3])
    assert Path(found.executable).samefile(Path(sys._base_executable))
