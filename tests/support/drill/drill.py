"""One drill: a life that goes wrong, the next start, and one more that must send nothing; then the oracle."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.trading.desk.events import OrderInitialised
from services.trading.desk.ledger import Ledger
from tests.support.drill.bot import cause
from tests.support.drill.life import LATE, MARKET
from tests.support.drill.oracle import CAUSES, amiss, of_bot
from tests.support.exchange.loopback import CANCEL, CREATE, REPLACE, Loopback, loopback

_ROOT = Path(__file__).parents[3]
SENDS = (CREATE, CANCEL, REPLACE)
PRICES = {"BTCUSDT": Decimal(50_000), "ETHUSDT": Decimal(3000)}


@dataclass(frozen=True)
class Case:
    """What goes wrong in the first life, at the exchange, and between the two."""

    name: str
    mode: str = "trade"
    kills: dict[str, int] = field(default_factory=dict)
    faults: Sequence[dict[str, Any]] = ()
    alarm: float = 0.0
    between: str = ""
    """``yesterday``: the ledger is put back; ``empty``: it is lost; ``down``: filled while down; ``unreachable``."""
    again: bool = False
    recovery_kills: dict[str, int] = field(default_factory=dict)
    """Where the first try to come back is killed in its turn."""
    defect: str = ""
    stream: str = ""
    """How the bars of a bot come: ``twice``, ``mixed`` or with ``holes``."""
    asleep: str = ""
    """When the machine of a bot sleeps for hours: ``before`` its signal, or ``holding``."""
    late: int = LATE
    falls: int = 0
    """At which doubtful round what is hidden is shown, and the price falls through the stop."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case: what the oracle has against it, and how it went."""

    case: Case
    killed: bool
    amiss: Sequence[str]
    said: dict[str, Any]
    sent_again: int
    first: dict[str, Any]

    @property
    def well(self) -> bool:
        return not self.amiss


@dataclass
class Drill:
    """Holds the exchange and the mother of the lives."""

    exchange: Loopback
    mother: "subprocess.Popen[str]"
    folder: Path
    count: int = 0

    def run(self, case: Case) -> Outcome:
        """Run a case on a fresh account."""
        ledger = self._fresh()
        for fault in case.faults:
            self.exchange.ctl("fault", **fault)
        first = self.life(ledger, case.mode, case, kills=case.kills, alarm=case.alarm)
        unintended = self._unintended(ledger)
        self._between(case, ledger)
        recover = "bot again" if case.mode == "bot" else "recover"
        if case.recovery_kills:
            self.life(ledger, recover, case, kills=case.recovery_kills)
        second = self.life(ledger, recover, case, again=case.again)
        before = self._sends()
        third = self.life(ledger, recover, case)
        again = self._sends() - before
        causes = {cause(Path(f"{ledger}.bot")): MARKET} if case.mode == "bot" else CAUSES
        flat = bool(second["said"].get("panic"))
        found = list(amiss(self.exchange.ledger(), PRICES, flat, causes))
        found += unintended
        found += [f"the second restart sent {again} requests"] if again else []
        found += [f"a start ended with {life['code']}" for life in (second, third) if life["code"]]
        found += self._not_calm(third["said"])
        if case.mode == "bot":
            found += of_bot(self.exchange.ledger(), cause(Path(f"{ledger}.bot")), asleep=case.asleep == "before")
        return Outcome(case, bool(first["signal"]), found, third["said"], again, first)

    def life(
        self,
        ledger: Path,
        mode: str,
        case: Case,
        kills: dict[str, int] | None = None,
        alarm: float = 0.0,
        census: bool = False,
        again: bool = False,
    ) -> dict[str, Any]:
        """One life, to its end or its death."""
        told = {
            "port": self.exchange.port,
            "ledger": str(ledger),
            "mode": mode,
            "kills": kills or {},
            "alarm": alarm,
            "defect": case.defect,
            "census": census,
            "again": again,
            "stream": case.stream,
            "asleep": case.asleep,
            "late": case.late,
            "falls": case.falls,
        }
        assert self.mother.stdin is not None
        assert self.mother.stdout is not None
        self.mother.stdin.write(json.dumps(told) + "\n")
        self.mother.stdin.flush()
        answer: dict[str, Any] = json.loads(self.mother.stdout.readline())
        return answer

    def census(self, mode: str) -> dict[str, int]:
        """How often a life that goes well reaches each point."""
        ledger = self._fresh()
        reached: dict[str, int] = self.life(ledger, mode, Case(mode), census=True)["said"]["reached"]
        return reached

    def _fresh(self) -> Path:
        self.count += 1
        self.exchange.ctl("reset")
        self.exchange.ctl("balance", USDT="10000", BTC="0.5")
        for symbol, price in PRICES.items():
            self.exchange.ctl("price", symbol=symbol, price=str(price))
        by_hand = {"symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC"}
        self.exchange.ctl("by_hand", **by_hand, quantity="0.1", price="99000", newClientOrderId="web_by_hand")
        return self.folder / f"{self.count}.db"

    def _unintended(self, path: Path) -> list[str]:
        """Orders at the exchange of which the disk, as the first life left it, knows no intent."""
        ledger = Ledger(path)
        intents = {event.client_id for _, event in ledger.read() if isinstance(event, OrderInitialised)}
        ledger.close()
        sent = [each["clientOrderId"] for each in self.exchange.ledger()["orders"] if each["mine"]]
        return [f"{identity} was sent without an intent" for identity in sent if identity not in intents]

    def _between(self, case: Case, ledger: Path) -> None:
        if case.between in ("yesterday", "empty"):
            for path in self.folder.glob(f"{ledger.name}*"):
                if "yesterday" not in path.name:
                    path.unlink()
        if case.between == "yesterday":
            for ending in ("", "-wal"):
                copy = Path(f"{ledger}.yesterday{ending}")
                if copy.exists():
                    shutil.move(copy, f"{ledger}{ending}")
        if case.between == "down":
            for order in self.exchange.ledger()["orders"]:
                if order["mine"] and order["status"] in ("NEW", "PARTIALLY_FILLED") and order["side"] == "BUY":
                    self.exchange.ctl("fill", client_id=order["clientOrderId"], quantity="0.002")
        if case.between == "unreachable":
            self.exchange.ctl("unreachable")

    def _sends(self) -> int:
        return sum(each["request"] in SENDS for each in self.exchange.asked())

    def _not_calm(self, said: dict[str, Any]) -> list[str]:
        return [] if said.get("calm") else [f"it does not come to rest: {said}"]


@contextmanager
def drill(folder: Path) -> Iterator[Drill]:
    """An exchange and a mother, ended with the block."""
    command = [sys.executable, "-m", "tests.support.drill.mother"]
    with loopback() as exchange, subprocess.Popen(command, stdin=-1, stdout=-1, text=True, cwd=_ROOT) as mother:
        assert mother.stdin is not None
        try:
            yield Drill(exchange, mother, folder)
        finally:
            mother.stdin.close()
            mother.wait(timeout=20)
