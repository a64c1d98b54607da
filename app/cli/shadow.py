"""What a walk forward chose, as a process that runs in the shadow of its strategy."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.control.protocol import Document, Request
from app.paths import Home
from services.core.errors import UserError

if TYPE_CHECKING:
    from services.trading.strategy import Strategy


def require_shadow(name: str, strategy: Path, home: Home) -> None:
    """Raise ``UserError`` for what can be seen to be wrong before anything is gone through, which takes long."""
    from app.wiring.own_files.files import is_default
    from services.orchestrator.definitions.definition import fault_of_name

    if fault := fault_of_name(name):
        raise UserError(fault, "--shadow", "Give it another name")
    if (home.processes / f"{name}.yaml").exists():
        raise UserError(f"a process is called {name!r} already", "--shadow", "Give it another name")
    own = home.strategies / "trading"
    if strategy.absolute().parent != own and not is_default(strategy.absolute()):
        raise UserError("it is none of your strategies", str(strategy), f"Put it into {own}, and name it by its name")


def shadow_of(name: str, strategy: Path, told: Document, home: Home, posts: str = "", data: str = "") -> Document:
    """Define the process; the running instance starts it. Raises ``UserError`` where there is nothing to run.

    ``require_shadow`` comes before it. ``told`` is the walk forward's document. Only candles after its last one count.
    On recorded candles it listens to the file of ``posts``, if one was named; on live ones to what comes. ``data`` is
    the file of candles that was named.
    """
    import json

    from app.control.here import tell
    from app.wiring.own_files.definition_text import read_text
    from services.orchestrator.definitions.process_files import dump
    from services.trading.learning.shadow_process import found_by
    from services.trading.strategy import load_strategy

    champion = load_strategy(strategy)
    parameters = {"strategy": str(strategy.absolute()), **found_by(champion, told)}
    if posts and not champion.live:
        parameters["posts"] = str(Path(posts).absolute())
    if not parameters["challenger"]:
        raise UserError("it chose what the strategy has already", "--shadow", "Give a grid with other values")
    if data and not champion.live:
        _require_later(champion, told, home)
    definition = read_text(json.dumps({"kind": "trading.shadow", "with": parameters}), name)
    return tell(home, Request("process-add", {"name": name, "text": dump(definition)}))


def _require_later(champion: Strategy, told: Document, home: Home) -> None:
    """Raise ``UserError`` where the strategy's own candles, which its shadow reads, are of another kind than those of
    the file that was gone through, or none of them is later."""
    from app.settings.load import load
    from app.wiring.plans.plans import data_folder
    from services.trading.feed import open_feed

    feed = open_feed(champion, data_folder(home, load(home, os.environ).settings))
    mend = "Write data: with a pattern of recorded files that go on after it, or data: live, into the strategy"
    if feed.origin != told["data"].partition(":")[0]:
        because = f", for {feed.because}" if feed.because else ""
        what = f"its shadow would run on {feed.label} candles{because}, and it was chosen on {told['data']}"
        raise UserError(what, "--shadow", mend)
    if feed.candles[-1].time <= datetime.fromisoformat(told["last"]):
        what = f"no candle of its strategy ({feed.label}) is later than {told['last']}, the last that it was chosen on"
        raise UserError(what, "--shadow", mend)
