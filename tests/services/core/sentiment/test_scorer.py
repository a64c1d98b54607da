"""The scorer gives vaderSentiment's four numbers, whatever the text."""

import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.sentiment import Scorer, Scores, general
from services.core.sentiment.words import MOST, Words
from tests.support.candles import recorded_folder


@cache
def theirs():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def by_them(text: str) -> Scores:
    return Scores(**theirs().polarity_scores(text))


@cache
def telling() -> tuple[str, ...]:
    """The words that any of VADER's rules asks about."""
    from vaderSentiment import vaderSentiment

    phrases = [*vaderSentiment.SPECIAL_CASES, *vaderSentiment.BOOSTER_DICT, *vaderSentiment.NEGATE]
    asked = [
        "no",
        "or",
        "nor",
        "never",
        "so",
        "this",
        "without",
        "doubt",
        "least",
        "at",
        "very",
        "but",
        "kind",
        "of",
        "good",
        "bad",
        "great",
        "horrible",
    ]
    return (*asked, *(word for phrase in phrases for word in phrase.split()))


MARKS = ["", "", "", ",", "!", "?", "!!!", "??", "?!?!?", "'", "...", ":)", " :D", "😀", "💘", "☺️", "🏳️‍🌈"]
ODD = ["ΑΣ", "ß", "İ", "\u2028", "\x1f", "\x85", "\ud800", "\u00a0", "é", "Ⅷ", "\u200d", "👍🏽", ":-(", "<3", "n't"]


@st.composite
def phrases(draw) -> str:
    lexicon = tuple(theirs().lexicon)
    word = st.one_of(st.sampled_from(telling()), st.sampled_from(lexicon), st.sampled_from(ODD))
    shown = st.builds(
        lambda word, mark, loud: (word.upper() if loud else word) + mark,
        word,
        st.sampled_from(MARKS),
        st.sampled_from([False, False, False, True]),
    )
    return draw(st.sampled_from([" ", "  ", "\t"])).join(draw(st.lists(shown, max_size=14)))


@given(phrases())
def test_it_says_what_vader_says_of_words_that_its_rules_ask_about(text: str):
    assert general().scores(text) == by_them(text)


@given(st.text(max_size=60))
def test_it_says_what_vader_says_of_any_characters(text: str):
    assert general().scores(text) == by_them(text)


def test_it_says_what_vader_says_of_thousands_of_random_phrases():
    chance = random.Random(4)
    words = [*telling() * 8, *theirs().lexicon]
    for _ in range(3_000):
        told = (chance.choice(words) + chance.choice(MARKS) for _ in range(chance.randint(0, 12)))
        text = " ".join(word.upper() if chance.random() < 0.15 else word for word in told)
        assert general().scores(text) == by_them(text), text


def test_it_says_what_vader_says_of_recorded_tweets():
    lines = (recorded_folder() / "tweets_GroundTruth.txt").read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[2] for line in lines]
    assert len(texts) == 4_200
    assert [text for text in texts if general().scores(text) != by_them(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "the plot was good, but the dialog is not great. great, but great",
        "so this good, never so this good, without a doubt good",
        "it is kind of good and of a kind, kind",
        "the least good of the least",
        "no good, no one no great, nor no or good",
        "a kiss of death, a beating heart and the SHIT",
        "😀😀 good😀",
        "GREAT GREAT GREAT",
        "great " * 400,
    ],
)
def test_it_says_what_vader_says_of_each_quirk(text: str):
    assert general().scores(text) == by_them(text)


def test_words_of_ones_own_are_scored_by_the_same_rules():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    extra = {"rekt": -3.0, "moon": 2.5, "good": -1.0, "but": 0.5, "very": 1.0, "not": -1.0}
    stock = SentimentIntensityAnalyzer()
    stock.lexicon.update(extra)
    ours = Scorer(extra)
    for text in (
        "got REKT, not the moon!",
        "very good but rekt",
        "to the moon 🚀 never so moon",
        "moon but not very rekt",
    ):
        assert ours.scores(text) == Scores(**stock.polarity_scores(text))
    assert general().compound("we got rekt") == 0.0


def test_a_stream_of_odd_words_takes_no_more_and_more_memory():
    words = Words()
    for number in range(MOST + 10):
        words[f"word{number}"]
    assert len(words) <= MOST
    words["x" * 1_000]
    assert "x" * 1_000 not in words
