"""Other values in a strategy's file, and nothing else of it touched."""

from difflib import unified_diff

import pytest

from services.core.errors import UserError
from services.core.yamlfile import parse_model
from services.trading.learning.rewriting import rewritten
from services.trading.strategy import Strategy
from tests.support.strategies import DEFAULT

TEXT = DEFAULT.read_text(encoding="utf-8")


def changed(before: str, after: str) -> list[str]:
    return [line for line in unified_diff(before.splitlines(), after.splitlines(), n=0) if line[0] in "+-"][2:]


def test_a_value_is_replaced_where_it_stands_and_its_comment_stays() -> None:
    after = rewritten(TEXT, {"macd.slow": 32, "sizing.percent": 50.5}, "s.yaml")
    told = changed(TEXT, after)
    assert told[:2] == ["-macd: {fast: 12, slow: 26, signal: 9}", "+macd: {fast: 12, slow: 32, signal: 9}"]
    assert [told[2].replace("{percent: 25}", "{percent: 50.5}").replace("-s", "+s", 1)] == told[3:]
    assert "# of the bot's cash" in told[3]


def test_what_the_file_leaves_out_is_added_beside_or_above_the_rest() -> None:
    after = rewritten(TEXT, {"stop.percent": 1.5, "market.min_notional": 0.002, "cool_down": 3}, "s.yaml")
    told = parse_model(after, Strategy, "s.yaml")
    assert told.stop is not None
    assert (told.stop.percent, told.market.min_notional, told.cool_down) == (1.5, 0.002, 3)
    assert "# smallest order, in BTC" in after
    terms = "enter: 0.3\nexit: -0.1\nterms:\n  curl:\n    kind: macd_curl\n    fast: 8\n"
    text = TEXT.replace("macd: {fast: 12, slow: 26, signal: 9}\n", "").replace("entry: macd_cross_up\n", terms)
    text = text.replace("exit: macd_cross_down\n", "")
    assert changed(text, rewritten(text, {"terms.curl.slow": 40, "terms.curl.fast": 9}, "s.yaml")) == [
        "+    slow: 40",
        "-    fast: 8",
        "+    fast: 9",
    ]


def test_what_cannot_be_written_in_its_place_is_refused_rather_than_guessed() -> None:
    with pytest.raises(UserError, match=r"macd\.fsat|fsat"):
        rewritten(TEXT, {"macd.fsat": 3}, "s.yaml")
    merged = TEXT.replace("fast: 12, slow: 26, signal: 9", "fast: &n 12, slow: 26, signal: 9").replace(
        "slippage: {ticks: 1}", "slippage: {ticks: *n}"
    )
    with pytest.raises(UserError, match=r"form does not allow macd\.fast 8 to be written"):
        rewritten(merged, {"macd.fast": 8}, "s.yaml")
