import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.engagement.campaign import load_campaign
from services.engagement.composing import answers, blend, pick, wordings
from services.engagement.network import TEXT_LIMIT, Response
from tests.support.engagement import write_campaign


def test_with_nothing_learned_the_campaigns_own_weights_remain() -> None:
    assert blend({"a": 3, "b": 1}, {"a": 0.5, "b": 0.5}) == {"a": 0.75, "b": 0.25}


def test_what_is_learned_lies_over_the_campaigns_weights() -> None:
    assert blend({"a": 1, "b": 1}, {"a": 0.2, "b": 0.8}) == pytest.approx({"a": 0.2, "b": 0.8})


def test_a_learner_that_knows_none_of_the_arms_changes_nothing() -> None:
    assert blend({"a": 3, "b": 1}, {}) == {"a": 0.75, "b": 0.25}


def test_arms_are_picked_in_proportion_and_never_twice() -> None:
    dice = random.Random(4)
    first = Counter(pick({"a": 0.7, "b": 0.2, "c": 0.1}, 1, dice)[0] for _ in range(2000))
    assert 1300 < first["a"] < 1500
    assert sorted(pick({"a": 0.7, "b": 0.2, "c": 0.1}, 5, dice)) == ["a", "b", "c"]


def test_wordings_differ_and_carry_their_hashtags(tmp_path: Path) -> None:
    texts = list(wordings(load_campaign(write_campaign(tmp_path)), ["python", "devlog"], random.Random(1)))
    assert len(texts) == len(set(texts)) > 3
    assert all(text.endswith("#python #devlog") and "{" not in text for text in texts)


@pytest.mark.parametrize(("score", "begins"), [(0.6, "Thank"), (0.0, "Good question"), (-0.6, "Sorry")])
def test_an_answer_fits_the_tone_and_names_its_author(tmp_path: Path, score: float, begins: str) -> None:
    response = Response("r1", datetime(2026, 3, 4, tzinfo=UTC), "sandbox-fern", "…")
    texts = answers(load_campaign(write_campaign(tmp_path)), response, score)
    assert any(text.startswith(begins) for text in texts)
    assert all("@sandbox-fern" in text for text in texts)


def test_what_is_written_to_us_is_never_read_as_a_template(tmp_path: Path) -> None:
    response = Response("r1", datetime(2026, 3, 4, tzinfo=UTC), "{author}{thing}\\1" * 40, "{posts}")
    for text in answers(load_campaign(write_campaign(tmp_path)), response, 0.6):
        assert "{author}{thing}\\1" in text
        assert len(text) < TEXT_LIMIT
