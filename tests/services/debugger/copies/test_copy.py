"""A copy has what the tests need and nothing that could hurt, and it is gone afterwards whatever happened."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.process.running import Cancelled
from services.debugger.copies.choosing import is_secret
from services.debugger.copies.copy import isolated_copy, remove_leftovers
from tests.support.projects import commit, write


@pytest.fixture
def root(tmp_path):
    root = write(tmp_path / "shop", {"shop/__init__.py": "", ".gitignore": "_version.py\n*.so\n.env\n"})
    commit(root)
    return write(
        root,
        {
            "shop/_version.py": "v = 1",
            "shop/fast.so": b"\x7fELF",
            "shop/new.py": "",
            ".env": "KEY=1",
            "certs/site.pem": "",
            ".env.example": "KEY=",
            "big.bin": b"x" * 2000,
            ".venv/pyvenv.cfg": "",
            "other/pyvenv.cfg": "",
            "node_modules/x.js": "",
            "shop/__pycache__/a.pyc": "",
        },
    )


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def test_untracked_and_ignored_products_are_in_and_secrets_caches_environments_are_not(root, scratch):
    with isolated_copy(root, scratch, largest=1000) as copy:
        assert files(copy.root) == {
            "shop/__init__.py", ".gitignore", "shop/_version.py", "shop/fast.so", "shop/new.py", ".env.example",
        }  # fmt: skip
        assert copy.files == 6


def test_what_is_left_out_is_named_with_its_reason(root, scratch):
    with isolated_copy(root, scratch, largest=1000) as copy:
        assert copy.left_out == {
            ".env": "it looks like a file of secrets",
            "certs/site.pem": "it looks like a file of secrets",
            "big.bin": "2,000 bytes are over the limit of 1,000",
        }


def test_the_copy_is_removed_afterwards_even_where_rights_were_taken_away(root, scratch):
    with isolated_copy(root, scratch) as copy:
        (copy.root / "shop").chmod(0)
    assert list((scratch / "copies").iterdir()) == []


def test_a_cancelled_copying_leaves_nothing(root, scratch):
    def heed() -> None:
        raise Cancelled

    with pytest.raises(Cancelled), isolated_copy(root, scratch, heed):
        pytest.fail("the copy was made")
    assert list((scratch / "copies").iterdir()) == []


def test_a_link_leads_to_the_copys_own_file_and_never_out_of_it(root, scratch, tmp_path):
    (root / "inside").symlink_to(root / "shop" / "new.py")
    (root / "outside").symlink_to(tmp_path)
    (root / "secret").symlink_to(root / ".env")
    with isolated_copy(root, scratch) as copy:
        assert (copy.root / "inside").resolve() == (copy.root / "shop" / "new.py").resolve()
        assert copy.left_out["outside"] == "a link that leads out of the project"
        assert copy.left_out["secret"] == "a link to what looks like a file of secrets"


def test_changing_the_copy_does_not_change_the_original(root, scratch):
    with isolated_copy(root, scratch) as copy:
        (copy.root / "shop" / "_version.py").write_text("v = 2")
    assert (root / "shop" / "_version.py").read_text() == "v = 1"


def test_a_scratch_folder_within_the_project_is_not_copied_into_itself(root):
    with isolated_copy(root, root / "scratch") as copy:
        assert not (copy.root / "scratch" / "copies").exists()


KILLED = """
import os, subprocess, sys
from pathlib import Path
from services.core.clock import SystemClock
from services.core.sandbox import Tree, scrub
from services.core.clock import SystemClock
from services.debugger.copies.copy import isolated_copy
from services.core.sandbox import posix
posix._PROC = Path(sys.argv[3])
with isolated_copy(Path(sys.argv[1]), Path(sys.argv[2])) as copy:
    tree = Tree([sys.executable, "-c", "import time; time.sleep(600)"], cwd=copy.root, env=scrub(os.environ),
                clock=SystemClock(), mark=copy.mark)
    copy.note_leader(tree.leader)
    print(tree.pid, flush=True)
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="a stray is looked for in /proc")
@pytest.mark.parametrize("proc", ["/proc", "/nowhere"], ids=["by its mark", "by its leader, as on macOS"])
def test_what_a_killed_run_left_is_removed_at_the_next_start_with_what_still_ran_in_it(
    root, scratch, monkeypatch, proc
):
    monkeypatch.setattr("services.core.sandbox.posix._PROC", Path(proc))
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), str(scratch), proc],
        stdout=subprocess.PIPE, text=True, check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    stray = int(ran.stdout)
    assert ran.returncode == -9
    with isolated_copy(root, scratch) as held:
        (gone,) = remove_leftovers(scratch, SystemClock())
        assert gone.startswith("shop-")
        assert held.root.is_dir()
    assert list((scratch / "copies").iterdir()) == []
    stat = Path(f"/proc/{stray}/stat")
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("name", [".env", ".env.local", "prod.env", "server.PEM", "id_rsa", ".netrc", "secrets.toml"])
def test_files_of_secrets_are_known_by_their_names(name):
    assert is_secret(name)


@pytest.mark.parametrize("name", [".env.example", "environment.yml", "keys.py", "id_rsa.pub", "secrets.py"])
def test_other_files_are_not_taken_for_secrets(name):
    assert not is_secret(name)
