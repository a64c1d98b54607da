"""What is under care at a path, settled before anything runs, each part with its reason."""

from dataclasses import dataclass, field
from pathlib import Path

from services.debugger.command import ToolFailed, Tools
from services.debugger.findings import Finding, Severity
from services.debugger.project.git import Git
from services.debugger.project.interpreter import Interpreter, find_interpreter
from services.debugger.project.layout import read_pyproject, source_roots, test_folders

_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", ".git")


class NotAProject(Exception):
    """There is no folder at the path; ``finding`` says so with its mend."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.where}: {finding.what}; {finding.mend}")
        self.finding = finding


@dataclass(frozen=True)
class Project:
    """A project under care. ``reasons`` says for each field why it is what it is."""

    root: Path
    git: bool
    interpreter: Interpreter | None
    tests: tuple[Path, ...]
    """Folders with tests; empty when pytest is to search the whole project."""
    sources: tuple[Path, ...]
    """Folders that imports start from."""
    reasons: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def testable(self) -> bool:
        """Whether there is an interpreter with pytest to run the tests with."""
        return self.interpreter is not None and bool(self.interpreter.pytest)


def discover(path: Path | str, tools: Tools, interpreter: str = "") -> Project:
    """Settle root, git, interpreter, tests and sources at ``path``. Raises ``NotAProject``."""
    given = Path(path).expanduser().absolute()
    if not given.is_dir():
        raise NotAProject(_no_folder(given))
    top, git_because = _git_top(given, tools)
    root, root_because = _root(given, top)
    pyproject, broken = read_pyproject(root)
    tests, tests_because = test_folders(root, pyproject)
    sources, sources_because = source_roots(root, pyproject)
    found = find_interpreter(root, interpreter, tools)
    reasons = {
        "root": root_because,
        "git": git_because,
        "interpreter": found.because,
        "tests": tests_because,
        "sources": sources_because,
    }
    findings = (*broken, *found.findings)
    return Project(root, top is not None, found.interpreter, tests, sources, reasons, findings)


def _git_top(path: Path, tools: Tools) -> tuple[Path | None, str]:
    try:
        top = Git(path, tools).top()
    except ToolFailed as error:
        return None, str(error)
    return top, f"work tree at {top}"


def _root(given: Path, top: Path | None) -> tuple[Path, str]:
    """The nearest folder that bears a project's marker, not above the repository; else the path itself."""
    for folder in (given, *given.parents):
        if marker := next((name for name in _MARKERS if (folder / name).exists()), None):
            return folder, f"it has {marker}"
        if top is None or folder.samefile(top):
            break
    return given, "the path as given; no pyproject.toml or the like was found"


def _no_folder(path: Path) -> Finding:
    what = "it is a file, not a folder" if path.exists() else "there is no such folder"
    return Finding(Severity.ERROR, what, str(path), "give the folder that holds the project")
