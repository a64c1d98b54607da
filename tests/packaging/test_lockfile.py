"""The lock is whole and hashed, its Qt-free part is a pure filter; no tracked file names a package index."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from bootstrapping import lockfile

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
BENCHMARKS = (ROOT / "packaging" / "benchmarks.lock").read_text(encoding="utf-8")
DASK = (ROOT / "packaging" / "dask.lock").read_text(encoding="utf-8")
FREEZING = (ROOT / "packaging" / "freezing.lock").read_text(encoding="utf-8")
EXAMPLE = """\
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:aa
    # via pyqtgraph
PyQt6_sip==13.0 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
rich==15.0.0 \\
    --hash=sha256:dd
"""


def declared() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["dev"]
    needed += project["build-system"]["requires"]
    return sorted({lockfile.normalised(re.match(r"[\w.-]+", line).group()) for line in needed})


@pytest.mark.parametrize("name", declared())
def test_the_lock_pins_every_declared_dependency(name):
    assert name in {locked for locked, _ in lockfile.entries(LOCK)}


LOCKS = {"requirements": LOCK, "freezing": FREEZING, "dask": DASK, "benchmarks": BENCHMARKS}


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_every_locked_package_has_one_version_and_hashes(lock):
    for name, block in lockfile.entries(lock):
        assert re.match(rf"{re.escape(name)}==\S+ ", block), name
        assert "--hash=sha256:" in block, name


def test_what_freezes_the_program_is_locked_apart_and_agrees_with_the_rest():
    ours, freezing = dict(lockfile.entries(LOCK)), dict(lockfile.entries(FREEZING))
    assert "pyinstaller" in freezing
    assert "pyinstaller" not in ours
    for name in ours.keys() & freezing.keys():
        assert ours[name].split(" ")[0] == freezing[name].split(" ")[0]


def test_what_a_sweep_elsewhere_needs_is_locked_apart_and_agrees_with_the_rest():
    ours, dask = dict(lockfile.entries(LOCK)), dict(lockfile.entries(DASK))
    assert "distributed" in dask
    assert "distributed" not in ours
    for name in ours.keys() & dask.keys():
        assert ours[name].split(" ")[0] == dask[name].split(" ")[0]


def test_what_may_not_be_sold_is_locked_for_the_benchmarks_alone():
    assert "vectorbt" in {name for name, _ in lockfile.entries(BENCHMARKS)}
    assert not {name for lock in (LOCK, FREEZING) for name, _ in lockfile.entries(lock)} & {"vectorbt", "vectorbt-rust"}


def test_leaving_packages_out_keeps_every_other_line_as_it_is():
    assert (
        lockfile.without(EXAMPLE, {"pyqt6-sip"}) == EXAMPLE[: EXAMPLE.index("PyQt6")] + EXAMPLE[EXAMPLE.index("rich") :]
    )
    assert lockfile.without(LOCK, set()) == LOCK


def test_the_qt_free_lock_holds_no_qt_and_still_what_services_need():
    names = {name for name, _ in lockfile.entries(lockfile.without(LOCK, lockfile.QT | lockfile.LINTERS))}
    assert not {name for name in names if "qt" in name or name == "qasync"}
    assert {"sqlalchemy", "pytest", "pytest-cov", "hypothesis", "setuptools", "ccxt"} <= names


INDEXES = ("py" + "pi.org", "pythonho" + "sted.org", "--index-url http", "index-url =", "npm" + "js.org")


def test_no_tracked_file_names_a_package_index():
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("without git and a checkout it cannot be told what is tracked")
    patterns = [part for index in INDEXES for part in ("-e", index)]
    command = [
        "git",
        "grep",
        "-I",
        "-i",
        "-n",
        "-F",
        *patterns,
        "--",
        ".",
        ":!tests/packaging/test_lockfile.py",
    ]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (1, "", "")
