"""Every term against a second version over whole series: on recorded candles and on random walks."""

from collections.abc import Callable
from math import exp, isnan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.steps import cross, curl, momentum, volume
from services.trading.steps.compiled import Floats
from tests.support import terms
from tests.support.terms import RECORDED, closes_and_volumes, recorded_values

pd = pytest.importorskip("pandas", reason="pandas is not installed: the terms have nothing to be compared with")
from tests.support import by_pandas  # noqa: E402

NEARLY = 1e-9
SPANS = (12, 26, 9)
COMPARED = {
    terms.cross_alone: lambda closes, volumes: by_pandas.macd_cross(closes, *SPANS, 1),
    terms.cross_fading: lambda closes, volumes: by_pandas.macd_cross(closes, *SPANS, 5),
    terms.curl: lambda closes, volumes: by_pandas.macd_curl(closes, SPANS, 3, 2, 0.25, 100, False, 10),
    terms.curl_below_zero: lambda closes, volumes: by_pandas.macd_curl(closes, SPANS, 3, 1, 0.1, 100, True, 10),
    terms.relative_volume: lambda closes, volumes: by_pandas.volume_ratio(closes, volumes, 20),
    terms.log_volume: lambda closes, volumes: by_pandas.volume_log(closes, volumes, 20),
    terms.trend: lambda closes, volumes: by_pandas.momentum(closes, 12, 60, 2.0),
    terms.spread_over_a_day: lambda closes, volumes: by_pandas.spread(closes, 60, 288),
}


def differing(ours: list[float], theirs: "pd.Series") -> list[tuple[int, float, float]]:
    """The bars at which the two versions disagree: in a value, or in whether there is one."""
    return [
        (bar, one, other)
        for bar, (one, other) in enumerate(zip(ours, theirs, strict=True))
        if not (abs(one - other) <= NEARLY or (isnan(one) and isnan(other)))
    ]


@pytest.mark.parametrize("name", RECORDED)
@pytest.mark.parametrize("term", COMPARED, ids=lambda term: term.__name__)
def test_on_recorded_candles_both_versions_agree(term: Callable[..., float], name: str) -> None:
    theirs = COMPARED[term](*map(pd.Series, closes_and_volumes(name)))
    assert differing(recorded_values(term, name), theirs) == []


def walk(seed: int, bars: int) -> tuple[list[float], list[float]]:
    """A random walk with calm and wild stretches; volumes like a log-normal, now and then none."""
    random = Random(seed)
    close, wildness, closes, volumes = 100.0, 0.01, [], []
    for _ in range(bars):
        wildness = min(max(wildness * exp(random.gauss(0, 0.1)), 0.001), 0.05)
        close *= exp(random.gauss(0, wildness))
        closes.append(close)
        volumes.append(0.0 if random.random() < 0.05 else random.lognormvariate(3, 1))
    return closes, volumes


def stepped(
    size: int, series: tuple[list[float], list[float]], at: Callable[[Floats, float, float], float]
) -> list[float]:
    state = [0.0] * size
    return [at(state, close, volume) for close, volume in zip(*series, strict=True)]


walks = st.builds(walk, st.integers(0, 2**32), st.integers(1, 400))
lengths = st.integers(1, 40)
spans = st.tuples(st.integers(2, 12), st.integers(1, 20), st.integers(2, 9)).map(lambda s: (s[0], s[0] + s[1], s[2]))


@given(walks, spans, lengths)
def test_crosses_of_any_spans_agree(
    series: tuple[list[float], list[float]], spans: tuple[int, int, int], lasts: int
) -> None:
    ours = stepped(cross.MACD_CROSS_SIZE, series, lambda s, c, v: cross.macd_cross(s, 0, *spans, lasts, c))
    assert differing(ours, by_pandas.macd_cross(pd.Series(series[0]), *spans, lasts)) == []


@given(
    walks, spans, st.integers(1, 4), st.integers(1, 3), st.floats(0, 0.5), st.integers(2, 100), st.booleans(), lengths
)
def test_curls_of_any_parameters_agree(
    series: tuple[list[float], list[float]],
    spans: tuple[int, int, int],
    falls: int,
    rises: int,
    depth: float,
    window: int,
    below_zero: bool,
    lasts: int,
) -> None:
    rule = (falls, rises, depth, window, below_zero, lasts)
    ours = stepped(curl.macd_curl_size(window), series, lambda s, c, v: curl.macd_curl(s, 0, *spans, *rule, c))
    theirs = by_pandas.macd_curl(pd.Series(series[0]), spans, *rule)
    assert differing(ours, theirs) == []
    warm_up = curl.macd_curl_warm_up(*spans[1:], falls, rises, window)
    assert [isnan(value) for value in ours] == [bar < warm_up for bar in range(len(ours))]


@given(walks, st.integers(2, 40))
def test_volumes_of_any_window_agree(series: tuple[list[float], list[float]], window: int) -> None:
    closes, volumes = map(pd.Series, series)
    for step, other in ((volume.volume_ratio, by_pandas.volume_ratio), (volume.volume_log, by_pandas.volume_log)):
        ours = stepped(volume.volume_size(window), series, lambda s, c, v, step=step: step(s, 0, window, c, v))
        assert differing(ours, other(closes, volumes, window)) == []


@given(walks, lengths, st.integers(2, 60), st.floats(0.1, 5))
def test_momentum_of_any_parameters_agrees(
    series: tuple[list[float], list[float]], bars: int, window: int, scale: float
) -> None:
    size = momentum.momentum_size(bars, window)
    ours = stepped(size, series, lambda s, c, v: momentum.momentum(s, 0, bars, window, scale, c))
    assert differing(ours, by_pandas.momentum(pd.Series(series[0]), bars, window, scale)) == []
