"""The cases of the drill: every single thing that goes wrong, and seeded pairs of them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.support.drill.drill import Case
from tests.support.exchange import loopback
from tests.support.exchange.loopback import CANCEL, CREATE, LOOK, REPLACE

LONG = 30
"""Doubtful rounds of 4 seconds each: for two minutes nothing is shown."""
MOST = 6
"""Of one point, so many of the times that it is reached are struck: the first, the last, and between."""
SEEN = "GET /api/v3/allOrders"
OUTSIDE: Mapping[str, tuple[str, dict[str, Any]]] = {
    "lost answer, create": (CREATE, loopback.LOST),
    "lost answer, cancel": (CANCEL, loopback.LOST),
    "5xx after commit, create": (CREATE, loopback.FAILED_AFTER),
    "5xx after commit, cancel": (CANCEL, loopback.FAILED_AFTER),
    "late acceptance": (CREATE, loopback.LATE),
    "late cancel": (CANCEL, loopback.LATE),
    "never arrived, create": (CREATE, loopback.NEVER),
    "never arrived, cancel": (CANCEL, loopback.NEVER),
    "order invisible": (CREATE, loopback.HIDDEN),
    "lost answer, order invisible": (CREATE, loopback.HIDDEN | loopback.LOST),
    "lagging balance": (CREATE, loopback.LAGGING),
    "filled behind the answer": (CREATE, {"fill": "0.001"}),
    "filled, answer lost": (CREATE, {"fill": "0.001", "answer": "lost"}),
    "look-up fails": (LOOK, {"answer": "lost", "commit": "never", "times": 3}),
    "history fails": (SEEN, {"answer": "lost", "commit": "never", "times": 2}),
    "too many requests": (
        CREATE,
        {"commit": "never", "answer": {"status": 429, "body": {"code": -1003, "msg": "slow"}}},
    ),
    "nonsense": (CREATE, {"answer": {"status": 200, "body": "<html>gateway</html>"}}),
    "held till the time-out": (CREATE, {"answer": "held"}),
}
OF_BOTS = ("late acceptance", "lost answer, create", "lost answer, cancel", "order invisible", "lagging balance",
           "lost answer, order invisible")  # fmt: skip
SOME_OF_BOTS = 2
STREAMS = ("twice", "mixed", "holes")
BETWEEN = ("down", "unreachable", "yesterday", "empty")


def singles(reached: Mapping[str, Mapping[str, int]]) -> Iterator[Case]:
    """``reached`` tells, by mode, how often a sound life reaches each point."""
    for mode, points in reached.items():
        for point, count in points.items():
            for nth in _some(count, SOME_OF_BOTS if mode == "bot" else MOST):
                yield Case(f"{mode}: killed at {point} {nth}", mode, kills={point: nth})
    for name, (on, fault) in OUTSIDE.items():
        for mode, skips in (("trade", range(8 if on == CREATE else 5)), ("panic", range(3))):
            for skip in skips:
                yield Case(f"{mode}: {name} {skip}", mode, faults=[{"on": on, "skip": skip} | fault])
    yield from _bots()
    yield from _long_doubts()
    yield from _moves()
    for skip in range(6):
        held = {"on": CREATE, "skip": skip, "answer": "held"}
        yield Case(f"killed with the order accepted and not answered {skip}", faults=[held], alarm=_alarm(skip))
    for between in BETWEEN:
        for point in ("committed", "fill_booked", "cancel_answered"):
            for nth in (1, 2, 4):
                yield Case(f"{between} after {point} {nth}", kills={point: nth}, between=between, again=True)
    for point in ("reconcile_begun", "reconcile_orders", "reconcile_recalled", "reconcile_trades", "fill_booked"):
        for first in ("submitted", "answered", "cancel_submitted"):
            name = f"killed at {first}, then at {point}"
            yield Case(name, kills={first: 2}, recovery_kills={point: 1})


def _long_doubts() -> Iterator[Case]:
    """Nothing tells for two minutes what became of an order, and meanwhile the price falls through the stop or not."""
    gone = {"lost answer, order invisible": loopback.HIDDEN | loopback.LOST, "never arrived": loopback.NEVER}
    for name, fault in gone.items():
        for falls in (0, 1, 3, 8):
            for skip in range(7):
                wick = f", wick at {falls}" if falls else ""
                told = {"on": CREATE, "skip": skip} | fault
                yield Case(f"two minutes: {name}{wick} {skip}", faults=[told], late=LONG, falls=falls)


MOVES: Mapping[str, dict[str, Any]] = {
    "both done, lost answer": loopback.LOST,
    "both done, 5xx": loopback.FAILED_AFTER,
    "both done, invisible": loopback.HIDDEN | loopback.LOST,
    "both done, nonsense": {"answer": {"status": 200, "body": "<html>gateway</html>"}},
    "both done, held till the time-out": {"answer": "held"},
    "late": loopback.LATE,
    "never": loopback.NEVER,
    "too many requests": {"commit": "never", "answer": {"status": 429, "body": {"code": -1003, "msg": "slow"}}},
    "taken out, new refused": {"price": "49000"},
    "taken out, new refused, lost answer": {"price": "49000"} | loopback.LOST,
    "not taken out: it has sold": {"price": "47400"},
    "not taken out: it has sold, lost answer": {"price": "47400"} | loopback.LOST,
    "filled behind the answer": {"fill": "0.001"},
}
"""What becomes of a request that moves a stop."""


def _moves() -> Iterator[Case]:
    """A stop is moved, and its four outcomes, each told or not; with a wick, and with a kill behind it."""
    for name, fault in MOVES.items():
        for skip in range(2):
            told = {"on": REPLACE, "skip": skip} | fault
            yield Case(f"moved: {name} {skip}", faults=[told])
            yield Case(f"moved: {name}, two minutes {skip}", faults=[told], late=LONG)
            yield Case(f"moved: {name}, wick {skip}", faults=[told], late=LONG, falls=2)
            yield Case(f"moved: {name}, killed {skip}", faults=[told], kills={"answered": 4 + skip})


def _bots() -> Iterator[Case]:
    """A whole strategy: its stream, its sleep, its file; and what goes wrong with its orders meanwhile."""
    for number, stream in enumerate(STREAMS, 1):
        yield Case(f"bot: stream {stream} {number}", "bot", stream=stream)
        yield Case(f"bot: stream {stream}, killed {number}", "bot", kills={"committed": 2}, stream=stream)
    for asleep in ("before", "holding"):
        yield Case(f"bot: asleep for hours, {asleep}", "bot", asleep=asleep)
        for number, point in enumerate(("reloading", "promoted", "writing"), 1):
            yield Case(f"bot: asleep for hours, {asleep}, killed {number}", "bot", kills={point: 1}, asleep=asleep)
    for name in OF_BOTS:
        on, fault = OUTSIDE[name]
        for skip in range(4 if on == CREATE else 2):
            yield Case(f"bot: {name} {skip}", "bot", faults=[{"on": on, "skip": skip} | fault])
    for point in ("reloading", "promoting"):
        for first in ("submitted", "cancel_submitted"):
            yield Case(f"bot: killed at {first}, then at {point}", "bot", {first: 2}, recovery_kills={point: 1})


def pairs(reached: Mapping[str, Mapping[str, int]], count: int, seed: int) -> Iterator[Case]:
    """So many pairs of things that go wrong together, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        mode = chance.choice(("trade", "trade", "panic", "bot"))
        case = Case(f"pair {number}", mode, again=chance.random() < 0.5)
        for _ in range(2):
            case = _worse(case, chance, reached[mode])
        yield replace(case, name=_told(case, number))


def _worse(case: Case, chance: random.Random, reached: Mapping[str, int]) -> Case:
    """One thing more goes wrong."""
    match chance.randrange(5):
        case 0 | 1:
            on, fault = OUTSIDE[chance.choice(sorted(OUTSIDE))]
            return replace(case, faults=[*case.faults, {"on": on, "skip": chance.randrange(7)} | fault])
        case 2:
            point = chance.choice([name for name, times in reached.items() if times])
            return replace(case, kills=case.kills | {point: chance.randint(1, reached[point])})
        case 3:
            point = chance.choice(("reconcile_begun", "reconcile_orders", "fill_booked", "committed", "writing"))
            return replace(case, recovery_kills={point: chance.randint(1, 3)})
        case _:
            if case.mode == "bot":  # with its ledger a bot loses what it was opened with
                return replace(case, stream=chance.choice(STREAMS), between=chance.choice(BETWEEN[:2]))
            return replace(case, between=chance.choice(BETWEEN), alarm=case.alarm or chance.uniform(0.1, 0.6))


def _told(case: Case, number: int) -> str:
    parts = [f"kill {point} {nth}" for point, nth in case.kills.items()]
    parts += [f"{each['on'].split()[0]} {each['skip']} {_word(each)}" for each in case.faults]
    parts += [f"then {point} {nth}" for point, nth in case.recovery_kills.items()]
    parts += [case.between] if case.between else []
    return f"pair {number} ({case.mode}): {', '.join(parts)}"


def _word(fault: dict[str, Any]) -> str:
    known = {name: told for name, (on, told) in OUTSIDE.items() if on == fault["on"]}
    bare = {key: value for key, value in fault.items() if key not in ("on", "skip")}
    return next((name for name, told in known.items() if told == bare), str(bare))


def _some(count: int, most: int = MOST) -> list[int]:
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(step * (count - 1) / (most - 1)) for step in range(most)})


def _alarm(skip: int) -> float:
    return 0.25 + 0.05 * skip
