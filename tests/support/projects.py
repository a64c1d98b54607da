"""Small real projects: files on disk, real git history, real environments without a download."""

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

from services.debugger.project.environments import python_of

GIT = ["git", "-c", "user.name=A Tester", "-c", "user.email=tester@localhost", "-c", "commit.gpgsign=false"]


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write ``files`` below ``root``, with the folders they need."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    root.mkdir(parents=True, exist_ok=True)
    return root


def commit(root: Path, message: str = "a change") -> None:
    """Commit everything; the first time, make the repository."""
    if not (root / ".git").exists():
        git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def git(root: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=root, check=True, capture_output=True)


def environment(folder: Path, python: str = sys.executable, pytest: bool = True, plugins: bool = False) -> Path:
    """Make a virtual environment and return its interpreter.

    It borrows our installed pytest through a ``.pth``, so nothing is downloaded: pytest alone, which any interpreter
    can import, or with ``plugins`` everything that is installed here.
    """
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True, capture_output=True)
    interpreter = python_of(folder)
    if pytest:
        lent = Path(sysconfig.get_paths()["purelib"])
        place = lent if plugins else _borrow(lent, folder / "borrowed")
        asked = [str(interpreter), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
        purelib = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
        Path(purelib, "borrowed.pth").write_text(f"{place}\n")
    return interpreter


def other_interpreter(version: str) -> tuple[str, str]:
    """An interpreter of ``version`` that runs here, from the path or from pyenv; or why there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}"), *(str(path) for path in pyenv.glob(f"{version}.*/bin/python"))]
    why = f"python{version} is not on the path"
    for program in filter(None, found):
        asked = subprocess.run([program, "-c", "pass"], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return program, ""
        why = f"{program} does not run here: {asked.stderr.strip()[:200]}"
    return "", why


def _borrow(lent: Path, place: Path) -> Path:
    place.mkdir()
    for distribution in ("pytest", "pluggy", "iniconfig", "packaging", "pygments"):
        for name in {file.parts[0] for file in metadata.files(distribution) or ()} - {"..", "__pycache__"}:
            (place / name).symlink_to(lent / name, target_is_directory=(lent / name).is_dir())
    return place
