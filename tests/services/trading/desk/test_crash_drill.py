from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from tests.support.drill.cases import LONG, MOVES, OUTSIDE, pairs, singles
from tests.support.drill.defects import DEFECTS
from tests.support.drill.drill import Case, Drill, Outcome, drill
from tests.support.exchange.loopback import CREATE, REPLACE

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="lives are forks")
SEED, PAIRS = 20_261_121, 240
LATE = [{"on": CREATE, "skip": 5} | OUTSIDE["late acceptance"][1]]
HIDDEN = [{"on": CREATE, "skip": skip} | OUTSIDE["lost answer, order invisible"][1] for skip in (5, 6)]
"""The purchase of the second trade, and its stop."""
NO_MONEY = ("it does not come to rest", "a start ended with", "the second restart sent")
FINDS = {
    "write after send": Case("the answer was here and the intent was not", kills={"answered": 1}, again=True),
    "resend on time-out": Case("time-out", "panic", faults=[{"on": CREATE} | OUTSIDE["lost answer, create"][1]]),
    "no trade-id dedup": Case("trades are told again"),
    "coins tell nothing": Case("a purchase is hidden for two minutes", faults=HIDDEN[:1], late=LONG, falls=3),
    "coins tell nothing of a stop": Case("a stop is hidden for two minutes", faults=HIDDEN[1:], late=LONG, falls=3),
    "one look = rejected": Case("late acceptance", faults=LATE),
    "follows the new file": Case("a file is edited while its bot holds", "bot"),
    "acts on late bars": Case("asleep for hours", "bot", asleep="before"),
}
"""For each defect a case that has to find it."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    with drill(tmp_path_factory.mktemp("drill")) as made:
        yield made


A_FEW = (
    Case("killed with the intent written", kills={"intended": 1}),
    Case("killed with the order accepted", faults=[{"on": CREATE, "answer": "held"}], alarm=0.3),
    Case("killed between cancel and new", kills={"repricing": 1}, again=True),
    Case("killed while its stop moves up", kills={"stop_due": 4}),
    Case("killed in the emergency stop", mode="panic", kills={"panic_cancelled": 1}),
    Case("yesterday's ledger", kills={"committed": 4}, between="yesterday", again=True),
    Case("an empty ledger", kills={"committed": 4}, between="empty", again=True),
    Case("late acceptance", faults=LATE),
    Case("a stop is moved without an answer", faults=[{"on": REPLACE} | MOVES["both done, invisible"]], late=LONG),
    Case("a bot is killed once its file was edited, told by a stream in disorder", "bot", {"reloaded": 1},
         stream="mixed"),
    Case("a bot is killed while it promotes, and has slept for hours", "bot", {"promoting": 1}, asleep="holding"),
)  # fmt: skip


@pytest.mark.parametrize("case", A_FEW, ids=lambda case: case.name)
def test_after_a_crash_the_exchange_holds_what_was_meant_and_nothing_twice(running: Drill, case: Case) -> None:
    assert running.run(case).amiss == []


@pytest.mark.parametrize("defect", sorted(DEFECTS))
def test_the_drill_finds_each_planted_defect(running: Drill, defect: str) -> None:
    case = FINDS[defect]
    amiss = running.run(replace(case, defect=defect)).amiss
    assert [told for told in amiss if not told.startswith(NO_MONEY)] != []
    assert running.run(case).amiss == []


@pytest.mark.drill
def test_the_crash_drill(running: Drill, capsys: pytest.CaptureFixture[str]) -> None:
    reached = {mode: running.census(mode) for mode in ("trade", "panic", "bot")}
    alone = [running.run(case) for case in singles(reached)]
    together = [running.run(case) for case in pairs(reached, PAIRS, SEED)]
    with capsys.disabled():
        print(table(alone, together))  # noqa: T201
    assert [(each.case.name, each.amiss) for each in (*alone, *together) if not each.well] == []


def table(alone: Iterable[Outcome], together: Iterable[Outcome]) -> str:
    """By what went wrong: how many cases, how many were killed, and what the oracle has against how many."""
    rows: Counter[tuple[str, str]] = Counter()
    kinds: list[str] = []
    for outcome, kind in [*((each, _kind(each.case)) for each in alone), *((each, "pairs") for each in together)]:
        kinds += [kind] if kind not in kinds else []
        rows[kind, "cases"] += 1
        rows[kind, "killed"] += outcome.killed
        rows[kind, "amiss"] += not outcome.well
    lines = [f"\n{'what goes wrong':44} {'cases':>6} {'killed':>7} {'amiss':>6}"]
    lines += [f"{kind:44} {rows[kind, 'cases']:6} {rows[kind, 'killed']:7} {rows[kind, 'amiss']:6}" for kind in kinds]
    total = {
        word: sum(count for (_, each), count in rows.items() if each == word) for word in ("cases", "killed", "amiss")
    }
    return "\n".join([*lines, f"{'all':44} {total['cases']:6} {total['killed']:7} {total['amiss']:6}"])


def _kind(case: Case) -> str:
    return case.name.rstrip("0123456789").strip()
