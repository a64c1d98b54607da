"""What cannot work is seen and told before a script is started."""

import sys
from pathlib import Path
from typing import Any

import pytest

from services.core.process import ConfigurationFault
from services.orchestrator.definitions.building import build
from services.orchestrator.scripts.script import Script
from services.orchestrator.supervision.parameter_checks import check_built
from tests.support.host import MemoryHost


@pytest.mark.parametrize("parameters", [{"command": ["a" * 300_000]}, {"command": "a", "folder": "b" * 300_000}])
def test_a_word_without_end_is_told_in_short_with_its_length(tmp_path: Path, parameters: dict[str, Any]) -> None:
    host = MemoryHost()
    with pytest.raises(ConfigurationFault, match=r"… \(300,\d+ characters in all\) .*that is there") as refused:
        host.run(Script(**({"folder": str(tmp_path)} | parameters)))
    assert len(str(refused.value)) < 800


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"command": 5}, "bot: command: it should be text or a list, and is 5"),
        ({"command": ["echo", 5]}, "bot: command.1: it should be text, and is 5"),
        (
            {"command": "a", "interpreter": None},
            "bot: interpreter: it should be text, and is null; 'interpreter=' clears it",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_words_of_ours(parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationFault) as refused:
        build("services.orchestrator.scripts.script:Script", parameters, "bot")
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("wrong", "parameter"), [({"folder": "/nowhere"}, "folder"), ({"command": "no-such"}, "command")]
)
def test_what_is_not_there_is_seen_before_a_run(tmp_path: Path, wrong: dict[str, str], parameter: str) -> None:
    good = {"command": sys.executable, "folder": str(tmp_path)}
    check_built(Script(**good), "bot", good)
    with pytest.raises(ConfigurationFault, match=f"bot: {parameter}: .* that is there"):
        check_built(Script(**(good | wrong)), "bot", wrong)
    check_built(Script(**(good | wrong)), "bot", {"stop_grace": "1s"})
