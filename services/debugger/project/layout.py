"""Where a project keeps its tests and its sources, as far as its own files tell."""

import configparser
import tomllib
from pathlib import Path
from typing import Any

from services.debugger.findings import Finding, Severity

_INI = (("pytest.ini", "pytest"), (".pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))
_USUAL = ("tests", "test", "testing")
Paths = tuple[Path, ...]


def read_pyproject(root: Path) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The project's ``pyproject.toml``, or nothing and a finding with its line when it is broken."""
    path = root / "pyproject.toml"
    if not path.is_file():
        return {}, ()
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        finding = Finding(Severity.WARNING, f"it cannot be read: {error}", str(path), "correct the place it names")
        return {}, (finding,)


def test_folders(root: Path, pyproject: dict[str, Any]) -> tuple[Paths, str]:
    """Folders with tests and the reason; none when pytest is to search the whole project."""
    named, where = _testpaths(root, pyproject)
    if found := tuple(path for name in named for path in sorted(root.glob(name)) if path.exists()):
        return found, f"testpaths in {where}"
    if found := tuple(root / name for name in _USUAL if (root / name).is_dir()):
        return found, "the usual name"
    return (), "none is named and none has a usual name, so the whole project is searched"


def source_roots(root: Path, pyproject: dict[str, Any]) -> tuple[Paths, str]:
    """Folders that imports start from, and the reason. The project's root is always the last of them."""
    named = [root / name for name in _declared(pyproject) if (root / name).is_dir()]
    if named:
        return _unique([*named, root]), "declared in pyproject.toml"
    if (root / "src").is_dir() and not (root / "src" / "__init__.py").exists():
        return (root / "src", root), "src layout"
    return (root,), "packages lie in the project's root"


def _testpaths(root: Path, pyproject: dict[str, Any]) -> tuple[list[str], str]:
    for name, section in _INI:
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(root / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):  # pytest itself will say what is wrong with it
            continue
        if paths := parser.get(section, "testpaths", fallback="").split():
            return paths, name
    for options in (_table(pyproject, "tool", "pytest"), _table(pyproject, "tool", "pytest", "ini_options")):
        if paths := _words(options.get("testpaths")):
            return paths, "pyproject.toml"
    return [], ""


def _declared(pyproject: dict[str, Any]) -> list[str]:
    setuptools = _table(pyproject, "tool", "setuptools")
    found = _words(_table(setuptools, "packages", "find").get("where"))
    found += _words(_table(setuptools, "package-dir").get(""))
    poetry = _table(pyproject, "tool", "poetry").get("packages")
    if isinstance(poetry, list):
        found += [str(package["from"]) for package in poetry if isinstance(package, dict) and package.get("from")]
    return [name for name in found if name and not Path(name).is_absolute() and ".." not in Path(name).parts]


def _table(table: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        inner = table.get(name)
        if not isinstance(inner, dict):
            return {}
        table = inner
    return table


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(word) for word in value] if isinstance(value, list) else []


def _unique(paths: list[Path]) -> Paths:
    return tuple(dict.fromkeys(paths))
