"""What a walk forward chose, as a process that runs in the shadow of its strategy."""

from __future__ import annotations

from pathlib import Path

from app.control.protocol import Document, Request
from app.paths import Home
from services.core.errors import UserError


def shadow_of(name: str, strategy: Path, told: Document, home: Home, posts: str = "") -> Document:
    """Define the process; the running instance starts it. Raises ``UserError`` where there is nothing to run.

    ``told`` is the walk forward's document. Only candles after its last one count. On recorded candles it listens to
    the file of ``posts``, if one was named; on live ones to what comes.
    """
    import json

    from app.control.here import tell
    from app.wiring.own_files.definition_text import read_text
    from app.wiring.own_files.files import is_default
    from services.orchestrator.definitions.process_files import dump
    from services.trading.learning.shadow_process import found_by
    from services.trading.strategy import load_strategy

    own = home.strategies / "trading"
    if strategy.absolute().parent != own and not is_default(strategy.absolute()):
        raise UserError("it is none of your strategies", str(strategy), f"Put it into {own}, and name it by its name")
    champion = load_strategy(strategy)
    parameters = {"strategy": str(strategy.absolute()), **found_by(champion, told)}
    if posts and not champion.live:
        parameters["posts"] = str(Path(posts).absolute())
    if not parameters["challenger"]:
        raise UserError("it chose what the strategy has already", "--shadow", "Give a grid with other values")
    definition = read_text(json.dumps({"kind": "trading.shadow", "with": parameters}), name)
    return tell(home, Request("process-add", {"name": name, "text": dump(definition)}))
