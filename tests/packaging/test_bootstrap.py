"""What `bootstrap.py` makes of its arguments, of the display and of the steps it runs."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from bootstrapping import checks, console, environments, installation, memory_folder, qtlibraries

import bootstrap

ROOT = Path(__file__).resolve().parents[2]
SHOWN = {"DISPLAY": ":0"}


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        ([], ["run"]),
        (["--for", "5"], ["run", "--for", "5"]),
        (["--headless"], ["run", "--headless"]),
        (["run", "--safe-mode"], ["run", "--safe-mode"]),
        (["ps", "--json"], ["ps", "--json"]),
        (["--help"], ["--help"]),
        (["-h"], ["-h"]),
    ],
)
def test_arguments_after_run_go_to_dreamscape(given, passed_on):
    assert bootstrap.dreamscape_command(given, SHOWN, "linux") == passed_on


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        ([], ["run", "--headless"]),
        (["--for", "5"], ["run", "--headless", "--for", "5"]),
        (["--headless"], ["run", "--headless"]),
        (["ps"], ["ps"]),
        (["run", "--help"], ["run", "--help"]),
    ],
)
def test_without_a_display_the_program_goes_on_headless(given, passed_on):
    assert bootstrap.dreamscape_command(given, {}, "linux") == passed_on


def test_going_headless_is_said(capsys):
    bootstrap.dreamscape_command([], {}, "linux")
    assert "no display" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environ", "system", "shown"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_display_is_what_qt_would_use(environ, system, shown):
    assert bootstrap.has_display(environ, system) is shown


def test_qt_is_checked_for_the_platform_that_would_be_used():
    assert qtlibraries.platforms({}, "linux") == ["offscreen"]
    assert qtlibraries.platforms({"DISPLAY": ":0"}, "linux") == ["offscreen", "xcb"]
    assert qtlibraries.platforms({"DISPLAY": ":0"}, "win32") == ["offscreen"]


def test_tests_run_without_the_users_settings_and_without_a_screen():
    environ = {"DREAMSCAPE_HOME": "/mine", "QT_SCALE_FACTOR": "2", "PYTHONPATH": "/else", "PATH": "/bin"}
    kept = console.test_environment(environ)
    assert kept["PATH"] == "/bin"
    assert kept["QT_QPA_PLATFORM"] == "offscreen"
    assert not {"DREAMSCAPE_HOME", "QT_SCALE_FACTOR", "PYTHONPATH"} & set(kept)


def test_a_benchmark_is_told_where_its_other_side_lies():
    other = {"DREAMSCAPE_BENCH_VECTORBT": "/other/bin/python"}
    kept = console.bench_environment({**other, "DREAMSCAPE_HOME": "/mine", "PATH": "/bin"})
    assert kept == console.test_environment({"PATH": "/bin"}) | other


def test_temporary_files_lie_in_memory_while_the_suite_runs_and_nothing_of_them_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_folder, "ROOM", 0)
    with memory_folder.temporary_files_in_memory({"PATH": "/bin"}, tmp_path) as environ:
        folder = Path(environ["TMPDIR"])
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o711
        (folder / "left by a test").touch()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("why", ["too little room", "no such folder", "a folder is chosen"])
def test_temporary_files_lie_where_they_did_where_memory_is_not_for_them(tmp_path, monkeypatch, why):
    monkeypatch.setattr(memory_folder, "ROOM", 2**62 if why == "too little room" else 0)
    memory = tmp_path / "none" if why == "no such folder" else tmp_path
    environ = {"TMPDIR": "/chosen"} if why == "a folder is chosen" else {}
    with memory_folder.temporary_files_in_memory(environ, memory) as found:
        assert found == environ


@pytest.mark.parametrize(
    ("available", "limit", "used", "room"),
    [(7, "max", 1, True), (5, "max", 1, False), (7, "8", 1, True), (7, "8", 3, False), (7, None, 0, True)],
)
def test_files_lie_in_memory_only_where_as_much_again_is_left_of_the_machine_and_of_its_container(
    tmp_path, monkeypatch, available, limit, used, room
):
    gibibyte = 1024**3
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(f"MemTotal: 1 kB\nMemAvailable:   {available * gibibyte // 1024} kB\n")
    if limit is not None:
        (tmp_path / "memory.max").write_text(f"{limit if limit == 'max' else int(limit) * gibibyte}\n")
        (tmp_path / "memory.current").write_text(f"{used * gibibyte}\n")
    monkeypatch.setattr(memory_folder, "KERNEL", (meminfo, tmp_path))
    told = memory_folder.free_memory(*memory_folder.KERNEL)
    assert all(free >= memory_folder.SPARE * memory_folder.ROOM for free in told) is room
    monkeypatch.setattr(memory_folder, "ROOM", 0)
    assert memory_folder.has_room(tmp_path), "who needs none has it"
    (tmp_path / "memory.max").write_text("0")
    (tmp_path / "memory.current").write_text("1")
    assert not memory_folder.has_room(tmp_path)


def test_a_failing_step_does_not_keep_the_next_from_running(tmp_path, capfdbinary):
    steps = [
        checks.Step("first", sys.executable, "-c", "print('said before'); raise SystemExit(3)"),
        checks.Step("second", sys.executable, "-c", "print('==== 7 passed ====')"),
        checks.Step("third", tmp_path / "no-such-program"),
    ]
    assert checks.run_all(steps, tmp_path) == 1
    said = capfdbinary.readouterr().out.decode()
    assert "==== 7 passed ====" in said
    summary = said[said.index("Summary") :].splitlines()[1:]
    assert [line.split()[0] for line in summary] == ["FAILED", "ok", "FAILED"]
    assert "said before" in summary[0]


def test_coverage_is_measured_where_that_costs_little(tmp_path, capfdbinary):
    both = environments.Environment(tmp_path, ".venv", ""), environments.Environment(tmp_path, ".venv-noqt", "")
    traced, monitored = (checks.suite_steps(*both, measures) for measures in (False, True))
    added = [set(one.command) - set(other.command) for one, other in zip(monitored, traced, strict=True)]
    assert added == [{*checks.COVERAGE, "--cov-report="}, set(), {*checks.COVERAGE, *checks.REPORT}]
    told = checks.Step(
        "core", sys.executable, "-c", "import os; print(os.environ['COVERAGE_CORE'])", told=checks.BY_MONITORING
    )
    assert checks.run_all([told], tmp_path) == 0
    assert b"sysmon" in capfdbinary.readouterr().out


def test_what_holds_without_qt_is_tested_once_and_without_qt(tmp_path):
    both = environments.Environment(tmp_path, ".venv", ""), environments.Environment(tmp_path, ".venv-noqt", "")
    first, _, last = checks.suite_steps(*both, measures=False)
    assert first.command[0] == str(both[0].python)
    assert f"--ignore={checks.SERVICES}" in first.command
    assert last.command[0] == str(both[1].python)
    assert checks.SERVICES in last.command


def test_all_steps_well_is_success(tmp_path):
    assert checks.run_all([checks.Step("one", sys.executable, "-c", "")], tmp_path) == 0


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "differs"),
        ("OSError: [Errno 28] No space left on device", "space"),
        ("Temporary failure in name resolution\nNo matching distribution found for rich", "network"),
        ("ERROR: No matching distribution found for pyqt6==6.11.0", "glibc"),
        ("something never seen", "run the same command again"),
    ],
)
def test_each_way_an_installation_fails_has_its_mend(output, word):
    assert word in installation.mend_for(output)


def bootstrapped(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "bootstrap.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_unknown_command_is_refused_with_the_known_ones():
    done = bootstrapped("walk")
    assert done.returncode == 2
    assert "choose from run, test, bench" in done.stderr


def test_help_needs_no_environment():
    done = bootstrapped("--help")
    assert done.returncode == 0
    assert "python bootstrap.py run" in done.stdout


def test_benchmarks_print_their_json_alone(tmp_path, capfd):
    folder = tmp_path / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "bench_one.py").write_text("print('{\"ratio\": 2}')")
    (folder / "bench_two.py").write_text("raise SystemExit(4)")

    class Here:
        python = sys.executable

    assert checks.bench(Here, tmp_path, ["one"]) == 0
    assert json.loads(capfd.readouterr().out) == {"ratio": 2}
    assert checks.bench(Here, tmp_path, []) == 1
    assert checks.bench(Here, tmp_path, ["three"]) == 2
    assert "bench_one.py, bench_two.py" in capfd.readouterr().err


@pytest.mark.parametrize("path", [ROOT / "bootstrap.py", *(ROOT / "packaging" / "bootstrapping").glob("*.py")])
def test_bootstrap_reads_as_python_3_8(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("here", ["linux", "win32", "darwin"])
def test_types_are_checked_for_every_system_each_with_a_cache_of_its_own(monkeypatch, tmp_path, here):
    monkeypatch.setattr(checks.sys, "platform", here)
    steps = checks.lint_steps(environments.Environment(tmp_path, ".venv", ""))
    mypy = [step.command for step in steps if "mypy" in step.command]
    asked = [step[step.index("--platform") + 1] for step in mypy if "--platform" in step]
    assert sorted([here, *asked]) == ["darwin", "linux", "win32"]
    caches = [step[step.index("--cache-dir") + 1] for step in mypy if "--cache-dir" in step]
    assert len(set(caches)) == 2
