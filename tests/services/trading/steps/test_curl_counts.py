"""How often the curl signals on recorded candles: golden numbers."""

import pytest

from services.trading.steps.curl import macd_curl, macd_curl_size, macd_curl_warm_up
from tests.support.terms import RECORDED, closes_and_volumes

RULES = {
    "any turn": (1, 1, 0.0, 100, False, 10),
    "short": (3, 1, 0.1, 100, False, 10),
    "short below zero": (3, 1, 0.1, 100, True, 10),
    "usual": (3, 2, 0.25, 100, False, 10),
    "usual below zero": (3, 2, 0.25, 100, True, 10),
}
SIGNALS = dict(
    zip(
        RECORDED,
        ((2415, 1070, 727, 835, 601), (359, 164, 95, 104, 66), (743, 321, 187, 200, 131), (145, 79, 36, 45, 23)),
        strict=True,
    )
)
TURNS = dict(
    zip(
        RECORDED,
        ((3521, 1125, 758, 871, 620), (549, 174, 99, 107, 69), (1087, 332, 193, 211, 139), (225, 87, 38, 48, 23)),
        strict=True,
    )
)
"""Every turn, however often in one run below zero, and with the sample's standard deviation (ddof 1)."""


def signals(closes: list[float], rule: tuple[int, int, float, int, bool, int]) -> int:
    """Bars at which the term leaves 0: it is 0 at the cross or at the new low that each further signal needs."""
    state, before, count = [0.0] * macd_curl_size(rule[3]), 0.0, 0
    for close in closes:
        now = macd_curl(state, 0, 12, 26, 9, *rule, close)
        count += now > 0 and not before > 0
        before = now
    return count


@pytest.mark.parametrize("name", RECORDED)
def test_each_recorded_file_has_its_known_signals(name: str) -> None:
    closes, _ = closes_and_volumes(name)
    assert tuple(signals(closes, rule) for rule in RULES.values()) == SIGNALS[name]


@pytest.mark.parametrize("name", RECORDED)
def test_counted_without_end_of_a_signal_there_are_as_many_turns_as_known(name: str) -> None:
    """Counted like this the rule was found; one signal per run and ddof 0 came later and make the difference."""
    pd = pytest.importorskip("pandas", reason="pandas is not installed: it counts the turns")
    from tests.support.by_pandas import macd_of, turns_up

    line, h = macd_of(pd.Series(closes_and_volumes(name)[0]), 12, 26, 9)
    std = h.rolling(100).std(ddof=1)
    for count, (falls, rises, depth, window, below_zero, _) in zip(TURNS[name], RULES.values(), strict=True):
        first = macd_curl_warm_up(26, 9, falls, rises, window)
        assert len(turns_up(h, line, falls, rises, depth, below_zero, first, std)) == count
