"""The cheap benchmarks run and tell what they must; how fast anything was is not asked here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KEYS = {"benchmark", "quick", "figures", "sides", "load", "machine", "note"}


LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is measured on Linux alone")


@pytest.mark.parametrize(
    "name",
    [
        "journal",
        "samples",
        "past",
        "sentiment",
        "candles",
        "sweep",
        "orders",
        "frames",
        pytest.param("week", marks=LINUX),
    ],
)
def test_a_benchmark_prints_one_document(name: str):
    ran = subprocess.run(
        [sys.executable, str(HERE / f"bench_{name}.py"), "--quick"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert set(told) == KEYS
    assert told["benchmark"] == name
    assert told["figures"]
    for figure in told["figures"]:
        assert {"name", "measured", "unit", "met"} <= set(figure)
        assert isinstance(figure["met"], bool) == bool({"at_most", "at_least"} & set(figure)), figure
