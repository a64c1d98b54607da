"""Sentiment of short texts: the scorer against vaderSentiment, by CPU seconds over the same texts in the same process.

The texts are the tweets that vaderSentiment was validated with where they are recorded here, and made ones elsewhere
(words of its lexicon between common ones). Both sides have read their lexicon before; every text's four numbers are
compared first, so that no speed is told of other results. The scorer remembers spellings, so it is measured on texts
whose words it has met, as in a stream that goes on, and by a new one each round, to which every word is new.
"""

import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from measuring import ROOT, Figure, Report, asked, by_turns
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from services.core.sentiment import Scorer

RECORDED = Path(os.environ.get("DREAMSCAPE_TEST_DATA") or ROOT.parent / "shared" / "data") / "tweets_GroundTruth.txt"
COMMON = [
    "the",
    "a",
    "i",
    "to",
    "you",
    "my",
    "it",
    "is",
    "and",
    "of",
    "in",
    "that",
    "this",
    "so",
    "not",
    "very",
    "but",
    "at",
    "we",
    "what",
    "just",
    "really",
    "with",
    "for",
]


def main() -> None:
    report = asked("sentiment", __doc__)
    stock, ours = SentimentIntensityAnalyzer(), Scorer()
    texts, which = recorded() if RECORDED.is_file() else made(list(stock.lexicon))
    texts = texts[:200] if report.quick else texts
    differ = sum(tuple(stock.polarity_scores(text).values()) != tuple(ours.scores(text)) for text in texts)
    measured = by_turns(
        {
            "vaderSentiment": lambda: per_cpu_second(stock.polarity_scores, texts),
            "scorer": lambda: per_cpu_second(ours.scores, texts),
            "scorer, every word new": lambda: per_cpu_second(Scorer().scores, texts),
        },
        1 if report.quick else 15,
    )
    for name, values in measured.items():
        report.side(name, values, "texts/CPU s")
    report.figures = [
        Figure("texts whose four numbers differ", differ, "texts", at_most=0),
        *(
            Figure(f"{name}, against vaderSentiment by CPU", ratio_of(report, name, measured), "x", at_least=2.5)
            for name in ("scorer", "scorer, every word new")
        ),
    ]
    report.note = f"{len(texts):,} {which}; each ratio is the median of the rounds' own."
    report.print()


def ratio_of(report: Report, name: str, measured: Mapping[str, Sequence[float]]) -> float:
    ratios = [ours / theirs for ours, theirs in zip(measured[name], measured["vaderSentiment"], strict=True)]
    return report.side(f"{name}, ratio", ratios, "x")


def recorded() -> tuple[list[str], str]:
    lines = RECORDED.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[2] for line in lines], "recorded tweets"


def made(lexicon: Sequence[str]) -> tuple[list[str], str]:
    chance = random.Random(1)
    told = [[chance.choice(lexicon if chance.random() < 0.15 else COMMON) for _ in range(14)] for _ in range(4_000)]
    return [" ".join(words) for words in told], "made texts"


def per_cpu_second(score: Callable[[str], Any], texts: Sequence[str]) -> float:
    began = time.process_time()
    for text in texts:
        score(text)
    return len(texts) / (time.process_time() - began)


if __name__ == "__main__":
    main()
