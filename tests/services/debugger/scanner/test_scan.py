"""A scan reads only what changed and names what it cannot read."""

import pytest

from services.debugger.project.discover import Project
from services.debugger.scanner.scan import Scan, Scanner
from tests.support.projects import commit, write

BRANCHES = "def f(a):\n" + "    if a: a = 1\n" * 9


@pytest.fixture
def scan(tools, scratch):
    def run(root, git) -> Scan:
        scanner = Scanner(Project(root, git, None, (), (root,)), tools, scratch / "scan.json")
        for path in scanner.files():
            scanner.look(path)
        return scanner.finish()

    return run


@pytest.fixture
def root(tmp_path):
    root = write(
        tmp_path / "r",
        {"hot.py": BRANCHES, "cold.py": "x = 1\n", "sub/mid.py": "def g(a):\n    return a or 1\n"},
    )
    commit(root)
    write(root, {"hot.py": BRANCHES + "\n"})
    commit(root)
    return root


def test_files_are_scored_by_complexity_churn_and_lines(root, scan):
    found = scan(root, git=True)
    assert [each.path for each in found.scored] == ["hot.py", "sub/mid.py", "cold.py"]
    assert found.scored[0].factors == {"complexity": 1.0, "churn": 1.0, "lines": 1.0}
    assert (found.lines, found.functions) == (14, 2)


def test_a_second_scan_reads_nothing_and_says_the_same(root, scan):
    first, second = scan(root, git=True), scan(root, git=True)
    assert (first.reread, second.reread) == (3, 0)
    assert second.scored == first.scored


def test_only_a_changed_file_is_read_again(root, scan):
    scan(root, git=True)
    write(root, {"cold.py": "x = 22\n"})
    assert scan(root, git=True).reread == 1


def test_a_file_that_was_only_touched_is_not_parsed_again(root, scan):
    scan(root, git=True)
    (root / "cold.py").touch()
    assert scan(root, git=True).reread == 0


def test_a_removed_file_is_forgotten(root, scan):
    scan(root, git=True)
    (root / "cold.py").unlink()
    assert "cold.py" not in scan(root, git=True).measures


def test_a_new_commit_counts_as_churn(root, scan):
    before = {each.path: each.factors["churn"] for each in scan(root, git=True).scored}
    for number in range(3):
        write(root, {"cold.py": f"x = {number}0\n"})
        commit(root)
    after = {each.path: each.factors["churn"] for each in scan(root, git=True).scored}
    assert before["cold.py"] < after["cold.py"] == 1.0


def test_a_file_that_does_not_parse_is_named_and_the_others_are_scored(root, scan):
    write(root, {"broken.py": "def (:\n"})
    found = scan(root, git=True)
    assert "line 1" in found.unreadable["broken.py"]
    assert len(found.scored) == 3


def test_without_git_the_folder_is_walked_past_environments_and_caches(root, scan):
    write(
        root,
        {
            "own/pyvenv.cfg": "",
            "own/lib/x.py": "",
            "node_modules/y.py": "",
            "__pycache__/z.py": "",
            ".venv/w.py": "",
        },
    )
    assert set(scan(root, git=False).measures) == {"hot.py", "cold.py", "sub/mid.py"}


def test_a_corrupt_cache_is_told_and_everything_is_read_again(root, scan, scratch, caplog):
    scan(root, git=True)
    (scratch / "scan.json").write_text("{")
    assert scan(root, git=True).reread == 3
    assert "every file is read again" in caplog.text
