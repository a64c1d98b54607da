"""The start: from the new process to what is painted, against a bare PyQt6 window with as many charts as Overview.

Both are byte-compiled, both are started by turns. The program's home holds what an hour of work left: events,
snapshots, roll-ups and three processes that run again.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from homes import lived_in
from measuring import Figure, asked, scratch

HERE = Path(__file__).resolve().parent
PATIENCE = 60


def main() -> None:
    report = asked("start", __doc__)
    with scratch() as folder:
        home = lived_in(folder / "home", quick=report.quick)
        first = start(folder, "program", home)
        charts = max(1, int(first["charts"]))
        bare, program = [], []
        for _ in range(1 if report.quick else 9):
            bare.append(start(folder, "bare", charts)["shown"])
            program.append(start(folder, "program", home))
    beside = report.side("a bare window", bare, "ms")
    for name in ("first paint", "first step", "overview"):
        report.side(name, [each[name] for each in program], "ms")
    report.sides["charts"] = {"on Overview": charts, "with values": int(first["charts with values"])}
    first_step, overview = (report.sides[name]["median"] / beside for name in ("first step", "overview"))
    report.figures = [
        Figure("first paint of a true step's result, against the bare window", first_step, "x", at_most=1.5),
        Figure("Overview with its restored state, against the bare window", overview, "x", at_most=3),
        Figure("the splash alone, against the bare window", report.sides["first paint"]["median"] / beside, "x"),
    ]
    report.print()


def start(folder: Path, side: str, what: Path | int) -> dict[str, float]:
    """Start one side; returns its moments in milliseconds after the start, and its counts."""
    file, own = folder / "moments.json", folder / "started"
    file.unlink(missing_ok=True)
    if isinstance(what, Path):  # each start finds the same home
        shutil.rmtree(own, ignore_errors=True)
        shutil.copytree(what, own)
    command = [sys.executable, str(HERE / "started.py"), side, str(file), str(own if isinstance(what, Path) else what)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DREAMSCAPE_")}
    began = time.monotonic()
    ended = subprocess.run(
        command, env=environ | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=PATIENCE
    )
    if not file.exists():
        raise RuntimeError(f"the {side} side showed nothing (exit code {ended.returncode}):\n{ended.stderr[-4000:]}")
    told = json.loads(file.read_text())
    return {name: value if name.startswith("charts") else 1000 * (value - began) for name, value in told.items()}


if __name__ == "__main__":
    main()
