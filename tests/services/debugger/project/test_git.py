"""Git is asked without running anything of the repository's."""

import pytest

from services.debugger.command import ToolFailed
from services.debugger.project.git import Git, plain
from tests.support.projects import commit, git, write


def test_churn_counts_the_commits_that_touched_a_file(tmp_path, tools):
    root = write(tmp_path / "r", {"a.py": "1", "b.py": "1", "no.txt": ""})
    commit(root)
    write(root, {"a.py": "2"})
    commit(root)
    assert Git(root, tools).churn(10) == {"a.py": 2, "b.py": 1}
    assert Git(root, tools).churn(1) == {"a.py": 1}


def test_files_are_tracked_and_untracked_ones_but_not_ignored_ones(tmp_path, tools):
    root = write(tmp_path / "r", {"a.py": "", ".gitignore": "made.py\n"})
    commit(root)
    write(root, {"new.py": "", "made.py": "", 'od"d ü.py': ""})
    assert sorted(Git(root, tools).python_files()) == ["a.py", "new.py", 'od"d ü.py']


def test_a_repository_without_a_commit_has_no_head(tmp_path, tools):
    root = write(tmp_path / "r", {"a.py": ""})
    git(root, "init", "-q")
    assert Git(root, tools).head() == ""


def test_a_monitor_set_in_the_repository_is_not_run(tmp_path, tools):
    root = write(tmp_path / "r", {"a.py": ""})
    commit(root)
    git(root, "config", "core.fsmonitor", f"touch {tmp_path}/ran; true")
    assert Git(root, tools).python_files() == ["a.py"]
    assert not (tmp_path / "ran").exists()


def test_outside_a_repository_git_says_so(tmp_path, tools):
    with pytest.raises(ToolFailed, match="not a git repository"):
        Git(tmp_path, tools).top()


def test_quoted_names_are_read_as_they_are():
    assert plain(r'"a\tb\"c\\d\001"') == 'a\tb"c\\d\x01'
    assert plain("as it is.py") == "as it is.py"
