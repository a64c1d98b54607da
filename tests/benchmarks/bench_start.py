"""The start: from the new process to what is painted, against a bare PyQt6 window with as many charts as Overview.

Three moments: a true step's result, Overview with its restored state, and Overview live with all steps done.
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
from measuring import Figure, Report, asked, scratch

HERE = Path(__file__).resolve().parent
PATIENCE = 60
Moments = dict[str, float]


def main() -> None:
    report = asked("start", __doc__)
    with scratch() as folder:
        home = lived_in(folder / "home", quick=report.quick)
        first = start(folder, "program", home)
        charts = max(1, int(first["charts"]))
        bare, program = [], []
        for _ in range(1 if report.quick else 5):
            bare.append(start(folder, "bare", charts))
            program.append(start(folder, "program", home))
    fill_in(report, bare, program, first)
    report.note = (
        "Overview is first shown with what was known when the program last ended, told as of then; the program comes up"
        " behind it, and live is when all steps are done and the pages show what is so now. What lies between is mostly"
        " imports (SQLAlchemy a third of it), which hold the interpreter's lock, and the hour of samples; child"
        " interpreters, too, begin only then. Of what comes before, pyqtgraph and numpy are as in the bare window."
    )
    report.print()


def fill_in(report: Report, bare: list[Moments], program: list[Moments], first: Moments) -> None:
    for kind in ("", ", processor"):
        report.side(f"a bare window{kind}", [each[f"shown{kind}"] for each in bare], "ms")
        for name in ("first step", "overview", "live"):
            report.side(f"{name}{kind}", [each[f"{name}{kind}"] for each in program], "ms")

    def against_bare(name: str, kind: str = "") -> float:
        return float(report.sides[f"{name}{kind}"]["median"] / report.sides[f"a bare window{kind}"]["median"])

    report.sides["charts"] = {"on Overview": int(first["charts"]), "with values": int(first["charts with values"])}
    report.figures = [
        Figure("first paint of a true step's result, against the bare window", against_bare("first step"), "x", 1.5),
        Figure("Overview with its restored state, against the bare window", against_bare("overview"), "x", 3),
        Figure("all steps done and Overview live, against the bare window", against_bare("live"), "x"),
        Figure("the first, in processor time", against_bare("first step", ", processor"), "x"),
        Figure("the second, in processor time", against_bare("overview", ", processor"), "x"),
        Figure("the third, in processor time", against_bare("live", ", processor"), "x"),
    ]


def start(folder: Path, side: str, what: Path | int) -> Moments:
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
    for name in told:
        if name.endswith(", processor"):
            told[name] *= 1000
        elif not name.startswith("charts"):
            told[name] = 1000 * (told[name] - began)
    return told


if __name__ == "__main__":
    main()
