"""What is kept can be read, whatever part of the program reads it."""

import re
from pathlib import Path

import app
from app.wiring.event_kinds import MODULES

ROOT = Path(app.__file__).parent.parent
EVENT = re.compile(r"^class \w+\(Event, name=", re.MULTILINE)


def test_every_module_that_defines_events_is_known() -> None:
    files = [path.relative_to(ROOT) for folder in ("app", "services") for path in (ROOT / folder).rglob("*.py")]
    defining = [file for file in files if EVENT.search((ROOT / file).read_text(encoding="utf-8"))]
    assert sorted(MODULES) == sorted(".".join(file.with_suffix("").parts) for file in defining)
