import subprocess
import tarfile
from pathlib import Path

import pytest

from app.cli.main import main
from app.version import COMMIT, ROOT, commit, in_words, version


def test_a_checkout_tells_its_version_and_no_commit(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"dreamscape {version()}\n"
    assert version().count(".") == 2
    assert commit() == ""


def test_an_archive_that_git_made_tells_its_commit(tmp_path: Path) -> None:
    made = tmp_path / "tree"
    (made / "resources").mkdir(parents=True)
    for name in (".gitattributes", "pyproject.toml", COMMIT):
        (made / name).write_bytes((ROOT / name).read_bytes())
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(made)]
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["commit", "-qm", "one"],
        ["archive", "-o", str(tmp_path / "a.tar"), "HEAD"],
    ):
        subprocess.run([*git, *words], check=True)
    head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True).stdout
    with tarfile.open(tmp_path / "a.tar") as archive:
        archive.extractall(tmp_path / "taken", filter="data")
    assert commit(tmp_path / "taken") == head.strip()
    assert in_words(tmp_path / "taken") == f"dreamscape {version()} (commit {head.strip()})"


def test_without_a_stamp_nothing_is_said_of_a_commit(tmp_path: Path) -> None:
    assert commit(tmp_path) == ""
    (tmp_path / "resources").mkdir()
    (tmp_path / COMMIT).write_text("not a commit\n")
    assert commit(tmp_path) == ""
