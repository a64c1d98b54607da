"""Makes `packaging/requirements.lock` anew from `pyproject.toml`; needs `uv` on the PATH.

What freezes the program (`freezing.in`) and what a sweep on Dask's workers needs (`dask.in`) are no part of it: each
has a lock of its own, which follows the first. What the benchmarks compare with (`benchmarks.in`) is neither, for its
licence: it is installed apart, and nothing follows it.

    python packaging/relock.py              keeps the pinned versions, adds and drops what pyproject.toml says
    python packaging/relock.py --upgrade    takes the newest versions that pyproject.toml allows

Each file serves Linux, Windows and macOS and every Python from 3.11 on: packages that only some of them need
carry a marker, and each has the hashes of all its files. It names no index, so it installs from whichever one
pip is set to.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "packaging/requirements.lock"
FREEZING, FREEZING_LOCK = "packaging/freezing.in", "packaging/freezing.lock"
DASK, DASK_LOCK = "packaging/dask.in", "packaging/dask.lock"
BENCHMARKS, BENCHMARKS_LOCK = "packaging/benchmarks.in", "packaging/benchmarks.lock"
OPTIONS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
]


def main(arguments: list[str]) -> int:
    """Runs uv with the options above; anything given is passed on to it."""
    uv = shutil.which("uv")
    if uv is None:
        print("relock: uv is not on the PATH; install it with: python -m pip install uv", file=sys.stderr)
        return 2
    command = [uv, "pip", "compile", *OPTIONS, "--quiet", *arguments]
    code = subprocess.call([*command, "--extra", "dev", "--output-file", LOCK, "pyproject.toml"], cwd=ROOT)
    for apart, lock in ((FREEZING, FREEZING_LOCK), (DASK, DASK_LOCK)):
        if code == 0:
            code = subprocess.call([*command, "--constraint", LOCK, "--output-file", lock, apart], cwd=ROOT)
    if code == 0:
        code = subprocess.call([*command, "--output-file", BENCHMARKS_LOCK, BENCHMARKS], cwd=ROOT)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
