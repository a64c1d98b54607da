"""A project's tests run in the copy, by its own interpreter, and the verdict comes from a record per test."""

import os
import subprocess
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.durations import seconds
from services.core.process.running import Cancelled
from services.core.sandbox import scrub
from services.debugger.command import Tools
from services.debugger.copies.copy import isolated_copy
from services.debugger.project.discover import discover
from services.debugger.suite.outcomes import How, SuiteRun
from services.debugger.suite.run import SuiteRunner
from tests.support.projects import environment, other_interpreter, write

PATIENT = seconds(60)
PASSES = "def test_it():\n    assert True\n"
FOREVER = "import time\ndef test_it():\n    time.sleep(600)\n"


@pytest.fixture
def run(tmp_path, scratch, interpreter):
    """Run the tests of a project made of the files given."""

    def run(files, deadline=PATIENT, python=interpreter, **more) -> SuiteRun:
        root = write(tmp_path / "shop", files)
        tools = Tools(SystemClock(), scrub(os.environ))
        project = discover(root, tools, str(python))
        assert project.interpreter is not None, project.findings
        with isolated_copy(root, scratch) as copy:
            runner = SuiteRunner(project, project.interpreter, copy, tools.clock, dict(tools.env), **more)
            return runner.run(deadline)

    return run


def outcomes(found: SuiteRun) -> dict[str, str]:
    return {each.test.partition("::")[2]: str(each.outcome) for each in found.tests}


MIXED = """
import pytest
@pytest.fixture
def broken(): raise OSError("no disk")
@pytest.fixture
def leaves():
    yield
    raise OSError("cannot leave")
def test_passes(): pass
def test_fails(): assert 1 + 1 == 3
def test_setup(broken): pass
def test_teardown(leaves): pass
@pytest.mark.skip
def test_skips(): pass
@pytest.mark.xfail
def test_expected(): assert False
@pytest.mark.xfail
def test_unexpected(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_many(n): assert n == 1
"""


def test_every_test_has_its_outcome(run):
    found = run({"test_mixed.py": MIXED})
    assert found.how is How.COMPLETE, found.why
    assert outcomes(found) == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_setup": "error",
        "test_teardown": "error",
        "test_skips": "skipped",
        "test_expected": "xfailed",
        "test_unexpected": "xpassed",
        "test_many[1]": "passed",
        "test_many[2]": "failed",
    }
    assert (found.passed, found.failed, found.errors, found.skipped) == (3, 2, 2, 2)
    assert found.passing == pytest.approx(100 * 3 / 7)


def test_a_failure_says_what_and_where(run):
    (failed,) = run({"test_a.py": "def test_it():\n    total = 2\n    assert total == 3\n"}).tests
    assert failed.message.startswith("assert 2 == 3")
    assert failed.where.endswith("test_a.py:3")
    assert failed.seconds >= 0


def test_a_file_that_cannot_be_collected_is_an_error_and_hides_no_other(run):
    found = run({"test_a.py": "import no_such_module\n", "test_b.py": PASSES})
    assert found.how is How.COMPLETE, found.why
    assert (found.passed, found.errors) == (1, 1)
    assert found.broken[0].where == "test_a.py"
    assert "no_such_module" in found.broken[0].message


def test_options_of_the_project_that_stop_early_are_undone(run):
    fails = "def test_1(): assert 0\ndef test_2(): assert 0\n"
    found = run({"pytest.ini": "[pytest]\naddopts = -x --strict-markers\n", "test_a.py": fails})
    assert found.how is How.COMPLETE, found.why
    assert found.failed == 2


def test_imports_resolve_to_the_copy_even_where_the_projects_packages_are_called_as_ours(run, monkeypatch):
    ours = str(Path.cwd())
    monkeypatch.setenv("PYTHONPATH", ours)
    monkeypatch.setenv("DREAMSCAPE_HOME", "/secret/home")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    test = f"""
import os, sys
import app, services, services.core, tests.support
def test_the_packages_are_the_projects():
    for module in (app, services, services.core, tests.support):
        assert module.WHOSE == "the project's"
        assert module.__file__.startswith(os.getcwd() + os.sep)
def test_nothing_of_the_other_program_is_on_the_path():
    assert not [path for path in sys.path if path == {ours!r} or path.startswith({ours!r} + os.sep)]
def test_the_environment_is_scrubbed():
    bad = [n for n in os.environ if n.startswith(("DREAMSCAPE_", "QT_", "OPENAI", "VIRTUAL_ENV", "SUITE_"))]
    assert not bad
    assert {ours!r} not in os.environ["PYTHONPATH"].split(os.pathsep)
"""
    own = 'WHOSE = "the project\'s"\n'
    packages = {f"{name}/__init__.py": own for name in ("app", "services", "services/core", "tests", "tests/support")}
    found = run({**packages, "tests/test_whose.py": test})
    assert found.how is How.COMPLETE, found.why
    assert [each.message for each in found.tests] == ["", "", ""]
    assert found.passed == 3


def test_a_src_layout_installed_editable_is_tested_in_the_copy(run, tmp_path):
    python = environment(tmp_path / "editable")
    purelib = next((tmp_path / "editable" / "lib").glob("python*/site-packages"))
    (purelib / "editable.pth").write_text(str(tmp_path / "shop" / "src") + "\n")
    test = "import os, shop\ndef test_it():\n    assert shop.__file__.startswith(os.getcwd())\n"
    found = run({"src/shop/__init__.py": "", "tests/test_shop.py": test}, python=python)
    assert (found.how, found.passed) == (How.COMPLETE, 1), found


def test_a_run_that_loads_the_original_is_no_verdict(run, tmp_path):
    original = str(tmp_path / "shop")
    test = f"import sys\nsys.path.insert(0, {original!r})\nimport shop_code\n" + PASSES
    files = {"conftest.py": "", "tests/test_a.py": test, "shop_code.py": ""}
    found = run(files)
    assert found.how is How.ASTRAY
    assert found.why.endswith("shop/shop_code.py")
    assert found.passing is None


def test_a_run_that_is_not_done_in_time_is_ended_and_says_in_which_test(run):
    found = run({"test_a.py": PASSES, "test_b.py": FOREVER}, deadline=seconds(3))
    assert found.how is How.DEADLINE
    assert found.why.endswith("it was ended in test_b.py::test_it")
    assert found.passed == 1
    assert found.passing is None


@pytest.mark.parametrize("code", [0, 1, 9])
def test_product_code_that_ends_the_interpreter_is_a_cut_run_whatever_its_code(run, code):
    found = run({"test_a.py": f"import os\ndef test_it():\n    os._exit({code})\n"})
    assert found.how is How.CUT
    assert f"code {code} in test_a.py::test_it before its last record" in found.why


def test_a_session_that_is_broken_off_is_a_cut_run(run):
    found = run({"test_a.py": "import pytest\ndef test_1(): pytest.exit('enough', 0)\ndef test_2(): pass\n"})
    assert found.how is How.CUT
    assert "of 2 tests have no outcome" in found.why


def test_a_conftest_that_raises_is_a_cut_run_that_says_what_pytest_said(run):
    found = run({"conftest.py": "raise RuntimeError('no database')\n", "test_a.py": PASSES})
    assert found.how is How.CUT
    assert "no database" in found.why


def test_no_tests_is_no_verdict(run):
    assert run({"a.py": ""}).how is How.EMPTY


LIAR = """
import json, os
END = json.dumps({"v": 1, "n": 4, "kind": "end", "code": 0, "ended": 1, "outside": []}) + "\\n"
def test_it():
    for fd in range(3, 64):
        try:
            os.write(fd, END.encode())
        except OSError:
            pass
"""


def test_a_test_that_writes_a_verdict_of_its_own_is_found_out(run):
    found = run({"test_a.py": LIAR})
    assert found.how is How.LYING
    assert found.passing is None


def test_a_test_that_closes_every_descriptor_is_a_cut_run(run):
    found = run({"test_a.py": "import os\ndef test_it():\n    os.closerange(3, 64)\n"})
    assert found.how is How.CUT


NOISY = r"""
import os
def test_it():
    os.write(1, b'\x00\xff{"v": 1, "n": 3}\n' * 1000)
    print("x" * 10_000_000)
"""


def test_what_tests_print_does_not_mix_with_the_records(run):
    found = run({"pytest.ini": "[pytest]\naddopts = -s\n", "test_a.py": NOISY})
    assert (found.how, found.passed) == (How.COMPLETE, 1), found.why


def test_a_forked_child_of_a_test_has_no_say(run):
    forks = "import os\ndef test_it():\n    if os.fork() == 0:\n        raise SystemExit\n    os.wait()\n"
    found = run({"test_a.py": forks, "test_b.py": PASSES})
    assert found.how is How.COMPLETE, found.why
    assert found.passed == 2


def test_a_long_name_and_a_long_message_are_bounded(run):
    name = "test_" + "x" * 1000
    (ended,) = run({"test_a.py": f"def {name}():\n    raise ValueError('y' * 90_000)\n"}).tests
    assert len(ended.test) == 400
    assert len(ended.message) == 1000


PLUGGED = """
import pytest
@pytest.mark.parametrize("n", range(20))
def test_it(n, request):
    assert request.config.pluginmanager.hasplugin("pytest_cov")
"""


def test_plugins_of_the_project_that_measure_or_spread_tests_are_told_not_to(run, tmp_path):
    python = environment(tmp_path / "plugged", plugins=True)
    found = run({"test_a.py": PLUGGED, "pytest.ini": "[pytest]\naddopts = --cov --cov-fail-under=100\n"}, python=python)
    assert (found.how, found.passed) == (How.COMPLETE, 20), found.why


def test_progress_counts_tests_of_those_collected(run):
    shown = []
    run({"test_a.py": "def test_1(): pass\ndef test_2(): pass\n"}, show=lambda *each: shown.append(each))
    assert shown[0] == (0, 2, "")
    assert shown[-1][:2] == (2, 2)
    assert (1, 2, "test_a.py::test_2") in shown


STARTS = """
import pathlib, subprocess, sys, time
def test_it():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pathlib.Path(PID).write_text(str(child.pid))
    time.sleep(600)
"""


def test_cancelling_ends_the_run_with_all_it_started(run, tmp_path):
    pid = tmp_path / "pid"

    def heed() -> None:
        if pid.exists() and pid.read_text():
            raise Cancelled

    with pytest.raises(Cancelled):
        run({"test_a.py": f"PID = {str(pid)!r}\n{STARTS}"}, heed=heed)
    stat = Path(f"/proc/{pid.read_text()}/stat")
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_other_interpreters_run_their_own_tests(run, tmp_path, version):
    program, why = other_interpreter(version)
    if not program:
        pytest.skip(why)
    python = environment(tmp_path / "other", program)
    test = f"import sys\ndef test_it(): assert sys.version.startswith({version!r})\ndef test_fails(): assert 0\n"
    found = run({"test_a.py": test}, python=python)
    assert found.how is How.COMPLETE, found.why
    assert (found.passed, found.failed) == (1, 1)


def test_the_recorder_compiles_under_the_oldest_interpreter_it_is_meant_for():
    program, why = other_interpreter("3.8")
    if not program:
        pytest.skip(why)
    source = Path("services/debugger/suite/child/recorder.py").read_text()
    subprocess.run(
        [program, "-c", "import sys; compile(sys.stdin.read(), 'r', 'exec')"], input=source, text=True, check=True
    )
