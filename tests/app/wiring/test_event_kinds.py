"""What is kept can be read, whatever part of the program reads it."""

import re
from pathlib import Path

import app
from app.wiring import effect_kinds
from app.wiring.event_kinds import MODULES

ROOT = Path(app.__file__).parent.parent
EFFECT = re.compile(r"^class \w+\(Effect, name=", re.MULTILINE)
SAYS_HOW_IT_STANDS = re.compile(r"^    (word|finding|limits)(: ClassVar\[.+\])? = ", re.MULTILINE)
EVENT = re.compile(r"^class \w+\(Event, name=", re.MULTILINE)


def test_every_module_that_defines_events_is_known() -> None:
    files = [path.relative_to(ROOT) for folder in ("app", "services") for path in (ROOT / folder).rglob("*.py")]
    defining = [file for file in files if EVENT.search((ROOT / file).read_text(encoding="utf-8"))]
    assert sorted(MODULES) == sorted(".".join(file.with_suffix("").parts) for file in defining)


def test_every_module_whose_effects_have_a_word_of_their_own_is_known() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "services").rglob("*.py")}
    saying = [path for path, text in texts.items() if EFFECT.search(text) and SAYS_HOW_IT_STANDS.search(text)]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in saying]
    assert sorted(effect_kinds.MODULES) == sorted(modules)
