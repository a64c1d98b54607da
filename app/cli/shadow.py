"""What a walk forward chose, as a process that runs in the shadow of its strategy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.control.protocol import Document, Request
from app.paths import Home
from services.core.errors import UserError


def shadow_of(name: str, strategy: Path, told: Document, home: Home) -> Document:
    """Define the process; the running instance starts it. Raises ``UserError`` where there is nothing to run.

    ``told`` is the walk forward's document. Only candles after its last one count.
    """
    import json

    from app.control.here import tell
    from app.wiring.own_files.definition_text import read_text
    from app.wiring.own_files.files import is_default
    from services.orchestrator.definitions.process_files import dump

    own = home.strategies / "trading"
    if strategy.absolute().parent != own and not is_default(strategy.absolute()):
        raise UserError("it is none of your strategies", str(strategy), f"Put it into {own}, and name it by its name")
    parameters = _parameters(strategy, told)
    if not parameters["challenger"]:
        raise UserError("it chose what the strategy has already", "--shadow", "Give a grid with other values")
    definition = read_text(json.dumps({"kind": "trading.shadow", "with": parameters}), name)
    return tell(home, Request("process-add", {"name": name, "text": dump(definition)}))


def _parameters(strategy: Path, told: Document) -> dict[str, Any]:
    from services.trading.learning.parameters import value_of
    from services.trading.learning.shadow import require_no_side_data
    from services.trading.strategy import load_strategy

    champion = load_strategy(strategy)
    require_no_side_data(champion)
    return {
        "strategy": str(strategy.absolute()),
        "challenger": {key: value for key, value in told["challenger"].items() if value != value_of(champion, key)},
        "until": told["last"],
        "windows": len(told["windows"]),
        "shape": told["out_of_sample"]["shape"],
    }
