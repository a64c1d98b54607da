"""What the demonstration trades with: a challenger that a walk forward really chose, and, where there is one on this
machine, an exchange with nobody's money.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.paths import Home
from services.core.effects import Refused
from services.core.errors import UserError
from services.core.unsure import Unsure

if TYPE_CHECKING:
    from app.program import Program
    from services.trading.desk.desk import Desk
    from services.trading.desk.door import Door

log = logging.getLogger(__name__)

SETTINGS = "DREAMSCAPE_TRADING__"
GRID = ("macd.fast=8,10", "macd.slow=20,22")
"""None of it is what the strategy has: the challenger is another one for certain."""
SEARCHED = 2_000
"""Bars that the walk forward goes through; the challenger is shown on those after them."""
WINDOWS = 3
SPEED = 40.0
"""Candles a second."""
PATIENCE = 45.0
"""Seconds for the account to be reconciled, to take a wish on, and to be brought to rest again."""
ROUND = 1.0
"""Seconds between two rounds of its emergency stop."""
BOT, MARKET = "demonstration", "BTC/USDT"


def exchange_here(env: Mapping[str, str]) -> dict[str, str]:
    """The settings of an exchange, if it is one on this machine that is said to deal in play money: a demonstration
    buys there, and asks no other, whatever is set.
    """
    from services.trading.venue.access import on_this_machine, split

    try:
        host = split(env.get(f"{SETTINGS}API_URL", "")).hostname or ""
    except UserError:
        return {}
    if not on_this_machine(host) or env.get(f"{SETTINGS}PLAY_MONEY", "").lower() not in ("1", "true", "yes", "on"):
        return {}
    names = (f"{SETTINGS}{name}" for name in ("EXCHANGE", "API_URL", "API_KEY", "API_SECRET", "PLAY_MONEY"))
    return {name: env[name] for name in names if name in env}


def add_challenger(home: Home, name: str) -> None:
    """Have a walk forward choose one on the first candles, and define its shadow run on those that follow."""
    import yaml

    from app.settings.load import load
    from app.wiring.own_files.files import layered
    from app.wiring.plans.plans import data_folder
    from services.trading.candles import Bars
    from services.trading.feed import open_feed
    from services.trading.learning.evaluating import OneByOne
    from services.trading.learning.search import Search, Wanted
    from services.trading.strategy import load_strategy

    strategy = layered("trading", home.strategies)[f"{name}.yaml"]
    champion = load_strategy(strategy)
    feed = open_feed(champion, data_folder(home, load(home, {}).settings))
    bars = Bars.of(feed.candles[:SEARCHED])
    search = Search.of(champion, Wanted(GRID, WINDOWS), bars, feed.label)
    told = search.run(OneByOne(), home.trials, lambda _done: None)
    given: dict[str, Any] = {
        "strategy": str(strategy),
        "challenger": told["challenger"],
        "until": told["last"],
        "windows": len(told["windows"]),
        "shape": told["out_of_sample"]["shape"],
        "speed": SPEED,
    }
    text = yaml.safe_dump({"name": "macd-challenger", "kind": "trading.shadow", "with": given})
    (home.processes / "macd-challenger.yaml").write_text(text, encoding="utf-8")


@dataclass
class Account:
    """The demonstration's at an exchange on this machine."""

    program: Program

    def trade(self) -> None:
        """Buy something, with a stop that rests at the exchange; nothing where there is none."""
        door = self.program.door
        if door is None:
            return
        clock = self.program.clock
        until, pause = clock.monotonic() + PATIENCE, clock.wakeup()
        while not self._wished(door):
            if clock.monotonic() > until:
                raise UserError("the exchange does not answer", f"{SETTINGS}API_URL", "Start it, or leave it out")
            pause.wait(0.2)

    def _wished(self, door: Door) -> bool:
        """Whether the account took the wish on; one that has not got round to it is asked again, for the same cause."""
        try:
            return door.ask(_wish)
        except (Refused, Unsure) as not_yet:
            log.info("the demonstration's account: %s", not_yet)
            return False

    def bring_to_rest(self) -> list[str]:
        """Sell what was bought and cancel its stop, before the home with the ledger of it is thrown away; gives what
        remains at the exchange.
        """
        clock = self.program.clock
        until, pause = clock.monotonic() + PATIENCE, clock.wakeup()
        while (left := self.stop()) and clock.monotonic() < until:
            pause.wait(ROUND)
        return left

    def stop(self) -> list[str]:
        """One round of the account's emergency stop; gives what remains after it."""
        if self.program.door is None:
            return []
        try:
            return self.program.door.ask(_stop)
        except (Refused, Unsure) as no:
            return [f"whatever it bought for {BOT} on {MARKET} ({no})"]


def _wish(desk: Desk) -> bool:
    from services.trading.desk.entering import Enter

    if not desk.reconciled:
        return False
    desk.allot(BOT, "USDT", Decimal(1_000))
    desk.enter(Enter(BOT, MARKET, "demonstration", Decimal(500), None, stop_share=Decimal("0.03")))
    return True


def _stop(desk: Desk) -> list[str]:
    from services.trading.desk.panic import dust

    remaining = desk.stop_all("the demonstration ends")
    # what is too small to be sold is told beside what is waited for, and is not waited for itself
    return [f"{each.symbol}: {each.what}" for each in (*remaining, *(dust(desk.book) if remaining else ()))]
