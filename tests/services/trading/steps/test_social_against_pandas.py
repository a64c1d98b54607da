"""The terms of posts agree with an independent version over whole series, written with pandas from their rules."""

from math import isnan, nan

import pytest

pd = pytest.importorskip("pandas", reason="pandas is not installed: it is the second opinion")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from services.trading.steps import social  # noqa: E402
from tests.support import by_pandas  # noqa: E402

BAR = st.tuples(st.floats(-1, 1), st.integers(0, 40).map(float)) | st.just((nan, nan))
HEARD = st.lists(BAR, min_size=1, max_size=60)


def agree(mine: list[float], theirs: "pd.Series[float]") -> None:
    for bar, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        assert isnan(one) == isnan(other), f"bar {bar}"
        assert isnan(one) or one == pytest.approx(other, abs=1e-9), f"bar {bar}"


def columns(heard: list[tuple[float, float]]) -> "tuple[pd.Series[float], pd.Series[float]]":
    means, voices = zip(*heard, strict=True)
    return pd.Series(means, dtype=float), pd.Series(voices, dtype=float)


@given(HEARD, st.integers(0, 6), st.floats(0.05, 1))
def test_property_sentiment(heard: list[tuple[float, float]], least: int, full: float) -> None:
    agree([social.sentiment(least, full, *bar) for bar in heard], by_pandas.sentiment(*columns(heard), least, full))


@given(HEARD, st.integers(1, 8), st.integers(0, 6), st.floats(0.05, 1))
def test_property_sentiment_momentum(heard: list[tuple[float, float]], window: int, least: int, full: float) -> None:
    state = [0.0] * social.sentiment_momentum_size(window)
    mine = [social.sentiment_momentum(state, 0, window, least, full, *bar) for bar in heard]
    agree(mine, by_pandas.sentiment_momentum(*columns(heard), window, least, full))


@given(HEARD, st.integers(2, 8))
def test_property_post_volume(heard: list[tuple[float, float]], window: int) -> None:
    state = [0.0] * social.post_volume_size(window)
    mine = [social.post_volume(state, 0, window, *bar) for bar in heard]
    agree(mine, by_pandas.post_volume(*columns(heard), window))
