"""One cycle of a watched project: found, scanned, copied, tested; what is missing is told, and the rest goes on."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.durations import minutes
from services.core.process import ConfigurationFault
from services.debugger.events import FindingMade, ProjectFound, Scanned, SuiteEnded, TestFailed
from services.debugger.watch import ProjectWatch, scratch_folder
from tests.support.host import MemoryHost, told
from tests.support.projects import commit, write

CODE = "def half(x):\n    return x / 2\n"
TESTS = """
from shop import half
def test_good(): assert half(4) == 2
def test_bad(): assert half(3) == 1
"""


@pytest.fixture
def project(tmp_path, interpreter):
    root = write(tmp_path / "store", {"shop.py": CODE, "tests/test_shop.py": TESTS, "pytest.ini": "[pytest]\n"})
    commit(root)
    (root / ".venv").symlink_to(interpreter.parent.parent, target_is_directory=True)
    return root


@pytest.fixture
def watch(project, scratch):
    return ProjectWatch(path=str(project), scratch=str(scratch))


def test_a_cycle_tells_what_it_found_scanned_and_tested(watch, project):
    host = MemoryHost()
    host.run(watch, "store")
    (found,) = told(host, ProjectFound)
    assert (found.root, found.git, found.tests) == (str(project), True, ["tests"])
    assert found.pytest == pytest.__version__
    (scanned,) = told(host, Scanned)
    assert (scanned.files, scanned.functions) == (2, 3)
    assert {each.path for each in scanned.hottest} == {"shop.py", "tests/test_shop.py"}
    (ended,) = told(host, SuiteEnded)
    assert (ended.how, ended.passed, ended.failed, ended.errors, ended.skipped) == ("complete", 1, 1, 0, 0)
    assert ended.amiss == "1 failed"
    (failed,) = told(host, TestFailed)
    assert (failed.test, failed.where) == ("tests/test_shop.py::test_bad", "tests/test_shop.py:4")
    assert "1.5 == 1" in failed.message
    assert told(host, FindingMade) == []
    assert host.samples == {"debugger.tests.passing:store": [50.0]}
    assert (host.progress.done, host.progress.total) == (2, 2)


def test_a_cycle_leaves_the_project_and_the_scratch_folder_as_they_were(watch, project, scratch):
    before = sorted(path for path in project.rglob("*") if ".git" not in path.parts)
    MemoryHost().run(watch)
    assert sorted(path for path in project.rglob("*") if ".git" not in path.parts) == before
    assert list((scratch / "copies").iterdir()) == []


def test_a_second_cycle_reads_only_what_changed(watch, project):
    host = MemoryHost()
    host.run(watch)
    write(project, {"shop.py": CODE.replace("x / 2", "x // 2")})
    host.run(watch)
    assert [each.reread for each in told(host, Scanned)] == [2, 1]
    assert [each.failed for each in told(host, SuiteEnded)] == [1, 0]


@pytest.mark.parametrize("beats", [5, 9, 14, 25])
def test_a_cancelled_cycle_leaves_no_copy_and_no_verdict(watch, scratch, project, beats):
    write(project, {"tests/test_shop.py": "import time\ndef test_it():\n    time.sleep(600)\n"})
    host = MemoryHost(end_after=beats)
    host.run(watch)
    assert told(host, SuiteEnded) == []
    assert list(scratch.glob("copies/*")) == []


def test_without_an_interpreter_the_scan_still_runs_and_the_mend_is_told(project, scratch, caplog):
    (project / ".venv").unlink()
    host = MemoryHost()
    host.run(ProjectWatch(path=str(project), scratch=str(scratch)))
    assert told(host, Scanned)[0].files == 2
    assert "python -m venv" in told(host, FindingMade)[0].mend
    assert [(line.levelname, "python -m venv" in line.message) for line in caplog.records] == [("ERROR", True)]
    (ended,) = told(host, SuiteEnded)
    assert (ended.how, ended.passing, ended.amiss) == ("not run", None, "no interpreter")


def test_where_the_interpreter_is_that_of_dreamscape_itself_this_is_told(project, scratch):
    host = MemoryHost()
    host.run(ProjectWatch(path=str(project), interpreter=sys.executable, scratch=str(scratch)))
    (ended,) = told(host, SuiteEnded)
    assert ended.amiss == "its only interpreter is the one that Dreamscape itself runs in"


def test_without_pytest_the_mend_is_told(project, scratch, bare):
    host = MemoryHost()
    host.run(ProjectWatch(path=str(project), interpreter=str(bare), scratch=str(scratch)))
    assert told(host, FindingMade)[0].mend.endswith("-m pip install pytest")
    assert told(host, SuiteEnded)[0].amiss == "no pytest"


class Hurries(SystemClock):
    """A day passes in a second once the host is told that ``doing`` is being done."""

    def __init__(self, doing: str) -> None:
        self.doing = doing
        self.host: MemoryHost | None = None
        self._since: float | None = None

    def monotonic(self) -> float:
        now = super().monotonic()
        if self._since is None and self.host is not None and self.doing in self.host.progress.doing:
            self._since = now
        return now if self._since is None else now + 86_400 * (now - self._since)


def test_a_run_that_hangs_is_a_finding_and_no_verdict(project, scratch):
    write(project, {"tests/test_slow.py": "import time\ndef test_it():\n    time.sleep(600)\n"})
    clock = Hurries("test_slow.py")
    host = clock.host = MemoryHost(clock=clock)
    host.run(ProjectWatch(path=str(project), deadline=minutes(30), scratch=str(scratch)))
    (ended,) = told(host, SuiteEnded)
    assert (ended.how, ended.passing, ended.amiss) == ("deadline", None, "tests not done in time")
    assert "test_slow.py::test_it" in told(host, FindingMade)[0].what
    assert host.samples == {}


def test_what_the_copy_does_not_have_and_what_does_not_parse_is_named(project, scratch):
    write(project, {".env": "KEY=1", "odd.py": "def (:\n"})
    host = MemoryHost()
    host.run(ProjectWatch(path=str(project), scratch=str(scratch)))
    unreadable, left_out = told(host, FindingMade)
    assert (unreadable.where, unreadable.severity) == ("odd.py", "warning")
    assert ".env (it looks like a file of secrets)" in left_out.what
    assert told(host, SuiteEnded)[0].how == "complete"


def test_what_is_no_folder_is_a_configuration_fault_and_is_told_before(tmp_path, scratch):
    host = MemoryHost()
    with pytest.raises(ConfigurationFault, match="there is no such folder"):
        host.run(ProjectWatch(path=str(tmp_path / "gone"), scratch=str(scratch)))
    assert told(host, FindingMade)[0].what == "there is no such folder"


def test_names_that_are_no_text_are_told_all_the_same(project, scratch):
    with open(os.fsencode(project) + b"/\xff.py", "w") as odd:  # noqa: PTH123 - bytes are no Path
        odd.write("def (:\n")
    host = MemoryHost()
    host.run(ProjectWatch(path=str(project), scratch=str(scratch)))
    assert told(host, SuiteEnded)[0].how == "complete"
    (finding,) = told(host, FindingMade)
    assert (finding.where, "its name is no UTF-8" in finding.what) == ("?.py", True)


def test_a_change_of_which_paths_matters_is_told_to_the_scheduler(watch, project):
    watched = watch.watched()
    assert watched.paths == (project,)
    assert ".py" in watched.suffixes
    assert {".git", ".venv", "__pycache__"} <= watched.ignored


@pytest.mark.skipif(os.name == "nt", reason="owners as POSIX knows them")
def test_the_scratch_folder_by_default_is_ours_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = scratch_folder("")
    assert folder.stat().st_mode & 0o077 == 0
    os.chown(folder, 12345, -1) if os.getuid() == 0 else pytest.skip("only root can give a folder away")
    with pytest.raises(ConfigurationFault, match="belongs to another user"):
        scratch_folder("")


def test_a_scratch_folder_that_cannot_be_made_is_a_configuration_fault(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationFault, match="set another scratch folder"):
        scratch_folder(str(tmp_path / "file" / "scratch"))


def test_the_process_imports_neither_the_store_nor_a_window():
    code = (
        "import sys, services.debugger.watch; "
        "print([n for n in sys.modules if n.partition('.')[0] in ('sqlalchemy', 'PyQt6', 'alembic')])"
    )
    asked = subprocess.run([sys.executable, "-c", code], cwd=Path.cwd(), capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"
