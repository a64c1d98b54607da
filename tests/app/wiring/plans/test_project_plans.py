"""A project under care is due when what is its own changes, and not when its environment does."""

from pathlib import Path

from app.wiring.plans.project_plans import project_triggers
from services.orchestrator.triggers.file_watch import IGNORED, Pattern
from services.orchestrator.triggers.trigger import Every, OnFiles


def due(root: Path, *changed: str) -> list[str]:
    """Which of the changed files make the project due."""
    schedule, files = project_triggers(str(root))
    assert isinstance(schedule, Every)
    assert isinstance(files, OnFiles)
    patterns = [Pattern.of(text, Path("/")) for text in files.files]
    ignored = IGNORED | files.ignored
    return [name for name in changed if any(pattern.fits((root / name).resolve(), ignored) for pattern in patterns)]


def test_sources_and_configuration_make_it_due(tmp_path: Path) -> None:
    changed = ("main.py", "src/deep/part.py", "pyproject.toml", "setup.cfg", "requirements.txt", "tests/data.json")
    assert due(tmp_path, *changed) == list(changed)


def test_environments_caches_and_history_do_not(tmp_path: Path) -> None:
    changed = (".venv/lib/a.py", ".pixi/envs/b.py", ".git/config.txt", "htmlcov/status.json", "notes.md", "a.pyc")
    assert due(tmp_path, *changed) == []


def test_a_folder_with_brackets_in_its_name_is_watched_as_it_is_called(tmp_path: Path) -> None:
    root = tmp_path / "old [tool]"
    root.mkdir()
    assert due(root, "main.py") == ["main.py"]
    assert due(root, "../old t/main.py") == []
