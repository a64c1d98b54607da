"""The crypto words of trading posts, and that nobody else hears them."""

import pytest

from services.core.sentiment import general
from services.trading.social.scoring import STEPS, Slang, steps_of, trading_scorer


@pytest.mark.parametrize("text", ["BTC to the moon", "so bullish on $btc", "HODL, wagmi", "a new ATH", "🚀"])
def test_what_traders_cheer_is_friendly(text: str):
    assert trading_scorer().compound(text) > 0.2
    assert general().compound(text) <= 0.0


@pytest.mark.parametrize("text", ["got rekt", "a rugpull", "very bearish on eth", "longs liquidated", "ngmi"])
def test_what_traders_mourn_is_hostile(text: str):
    assert trading_scorer().compound(text) < -0.2
    assert general().compound(text) == 0.0


def test_a_negation_turns_slang_as_it_turns_any_word():
    assert trading_scorer().compound("BTC is not bullish") < 0


def test_scores_are_whole_steps():
    assert steps_of("BTC to the moon") == round(trading_scorer().compound("BTC to the moon") * STEPS)


def test_a_word_is_in_lower_case_and_on_the_scale():
    for words in ({"MOON": 1.0}, {"moon": 4.1}, {"to the": 1.0}):
        with pytest.raises(ValueError):
            Slang(words=words)
