import pytest

from services.engagement.sandbox.voices import everything
from services.engagement.sentiment import compound, tone


def test_scores_lie_between_minus_one_and_one() -> None:
    assert compound("I love this, it is wonderful!") > 0.5
    assert compound("This is terrible, I hate it.") < -0.5
    assert compound("The file has three lines.") == 0.0
    assert compound("") == 0.0


def test_an_endless_cheer_stays_within_bounds() -> None:
    assert 0.9 < compound("great " * 500) <= 1.0


@pytest.mark.parametrize("mood", ["positive", "neutral", "negative"])
def test_what_the_made_personas_say_sounds_as_it_is_meant(mood: str) -> None:
    heard = [tone(compound(text)) for text in everything(mood)]
    assert heard.count(mood) == len(heard)


def test_the_made_personas_have_much_to_say() -> None:
    assert all(len(set(everything(mood))) >= 40 for mood in ("positive", "neutral", "negative"))
