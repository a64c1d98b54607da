"""The engine put together: what one part does wrong is told, and the others go on."""

from collections.abc import Sequence
from pathlib import Path

from services.core.bus import Bus
from services.core.events import Recorded
from services.orchestrator.events import Alert
from tests.support.program import Program


def test_a_subscriber_that_keeps_raising_is_given_up_with_an_alert(tmp_path: Path) -> None:
    program = Program(tmp_path).open()
    heard: list[Recorded] = []

    def broken(batch: Sequence[Recorded]) -> None:
        raise KeyError("no such row")

    program.engine.bus.subscribe("broken page", broken)
    program.engine.bus.subscribe("sound page", heard.extend)
    for number in range(Bus.PATIENCE):
        program.wait(program.engine.journal.append(Alert(f"number {number}", "a test")))
        program.settle()
    told = [alert for alert in program.events(Alert) if alert.about == "broken page"]
    assert len(told) == 1
    assert "no such row" in told[0].what
    assert len(heard) >= Bus.PATIENCE
    program.close()
