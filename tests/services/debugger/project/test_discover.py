"""A project is settled before anything runs, each part with its reason; what is missing is a finding with its mend."""

import sys
from pathlib import Path

import pytest

from services.debugger.findings import Severity
from services.debugger.project.discover import NotAProject, discover
from tests.support.projects import commit, write


def test_the_root_is_the_nearest_folder_with_a_project_file(tmp_path, tools, interpreter):
    root = write(tmp_path / "shop", {"pyproject.toml": "", "src/shop/__init__.py": ""})
    commit(root)
    project = discover(root / "src" / "shop", tools, str(interpreter))
    assert project.root == root
    assert project.git
    assert project.reasons["root"] == "it has pyproject.toml"
    assert project.sources == (root / "src", root)
    assert project.reasons["sources"] == "src layout"


def test_a_folder_without_git_is_a_project_too_and_says_why_not(tmp_path, tools, interpreter):
    project = discover(write(tmp_path / "plain", {"a.py": ""}), tools, str(interpreter))
    assert not project.git
    assert "not a git repository" in project.reasons["git"]


def test_the_environment_in_the_project_is_taken(tmp_path, tools, interpreter):
    root = write(tmp_path / "shop", {"tests/test_a.py": ""})
    (root / ".venv").symlink_to(interpreter.parent.parent, target_is_directory=True)
    project = discover(root, tools)
    assert project.interpreter is not None
    assert project.interpreter.path == root / ".venv" / "bin" / "python"
    assert project.interpreter.pytest == pytest.__version__
    assert project.reasons["interpreter"] == ".venv in the project"
    assert project.testable
    assert project.findings == ()


def test_a_configured_interpreter_goes_first_and_may_be_an_environments_folder(tmp_path, tools, interpreter, bare):
    root = write(tmp_path / "shop", {"a.py": ""})
    (root / ".venv").symlink_to(bare.parent.parent, target_is_directory=True)
    project = discover(root, tools, str(interpreter.parent.parent))
    assert project.interpreter is not None
    assert project.interpreter.path == interpreter
    assert project.reasons["interpreter"] == "configured"


def test_our_own_interpreter_is_never_taken(tmp_path, tools):
    project = discover(write(tmp_path / "shop", {"a.py": ""}), tools, sys.executable)
    assert project.interpreter is None
    assert "Dreamscape itself runs in" in project.findings[0].what


def test_no_interpreter_is_a_finding_that_says_how_to_make_one(tmp_path, tools):
    root = write(tmp_path / "shop", {"a.py": ""})
    project = discover(root, tools)
    (finding,) = project.findings
    assert finding.severity is Severity.ERROR
    assert f"python -m venv {root / '.venv'}" in finding.mend
    assert not project.testable


def test_no_pytest_is_a_finding_that_says_how_to_install_it(tmp_path, tools, bare):
    project = discover(write(tmp_path / "shop", {"a.py": ""}), tools, str(bare))
    (finding,) = project.findings
    assert "No module named 'pytest'" in finding.what
    assert finding.mend == f"{bare} -m pip install pytest"
    assert not project.testable


def test_a_broken_interpreter_is_told_and_a_configured_one_is_not_replaced(tmp_path, tools, interpreter):
    root = write(tmp_path / "shop", {"bad/python": "#!/bin/sh\nexit 3\n"})
    (root / "bad" / "python").chmod(0o755)
    (root / ".venv").symlink_to(interpreter.parent.parent, target_is_directory=True)
    project = discover(root, tools, "bad/python")
    assert project.interpreter is None
    assert "does not run: python: exit code 3" in project.findings[0].what
    assert project.findings[0].where == str(root / "bad" / "python")


def test_an_environment_whose_interpreter_is_gone_is_told(tmp_path, tools):
    root = write(tmp_path / "shop", {".venv/pyvenv.cfg": ""})
    (root / ".venv" / "bin").mkdir()
    (root / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    (finding,) = discover(root, tools).findings
    assert "No such file" in finding.what
    assert "python -m venv --clear" in finding.mend


def test_a_program_that_is_no_python_is_told(tmp_path, tools):
    root = write(tmp_path / "shop", {"a.py": ""})
    (finding,) = discover(root, tools, "/bin/echo").findings
    assert "no Python interpreter" in finding.what


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\ntestpaths = ["checks"]\n'),
        ("pytest.ini", "[pytest]\ntestpaths = checks\n"),
        ("setup.cfg", "[tool:pytest]\ntestpaths =\n  checks\n"),
    ],
)
def test_test_folders_are_those_that_the_project_names(tmp_path, tools, name, content):
    root = write(tmp_path / "shop", {name: content, "checks/test_a.py": "", "tests/test_b.py": ""})
    project = discover(root, tools)
    assert project.tests == (root / "checks",)
    assert project.reasons["tests"] == f"testpaths in {name}"


def test_a_broken_pyproject_is_told_with_its_line_and_the_rest_goes_on(tmp_path, tools, interpreter):
    root = write(tmp_path / "shop", {"pyproject.toml": "[tool\n", "tests/test_a.py": ""})
    project = discover(root, tools, str(interpreter))
    assert "at line 1, column 6" in project.findings[0].what
    assert project.tests == (root / "tests",)


def test_sources_declared_in_pyproject_come_first(tmp_path, tools):
    root = write(
        tmp_path / "s", {"pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["lib"]\n', "lib/a.py": ""}
    )
    assert discover(root, tools).sources == (root / "lib", root)


def test_what_is_no_folder_is_no_project(tmp_path, tools):
    write(tmp_path, {"file.py": ""})
    with pytest.raises(NotAProject, match="it is a file, not a folder; give the folder"):
        discover(tmp_path / "file.py", tools)
    with pytest.raises(NotAProject, match="there is no such folder"):
        discover(Path("/nowhere/at/all"), tools)
