"""The terms once more, over whole series with pandas: written from their rules, not from the steps."""

import numpy as np
import pandas as pd


def macd_of(closes: pd.Series, fast: int, slow: int, signal: int) -> tuple[pd.Series, pd.Series]:
    """The line and the histogram at every bar."""
    line = closes.ewm(span=fast, adjust=False).mean() - closes.ewm(span=slow, adjust=False).mean()
    return line, line - line.ewm(span=signal, adjust=False).mean()


def macd_cross(closes: pd.Series, fast: int, slow: int, signal: int, lasts: int) -> pd.Series:
    _, h = macd_of(closes, fast, slow, signal)
    before, bars, ready = h.shift(1), pd.Series(range(len(h)), dtype=float), h.index >= slow + signal - 1
    up, down = (h > 0) & (before <= 0) & ready, (h < 0) & (before >= 0) & ready
    way = (up.astype(float) - down.astype(float)).where(up | down).ffill().fillna(0.0)
    age = (bars - bars.where(up | down).ffill()).fillna(lasts)
    return (way * (1 - age / lasts).clip(lower=0)).where(ready)


def turns_up(
    h: pd.Series, line: pd.Series, falls: int, rises: int, depth: float, below_zero: bool, first: int, std: pd.Series
) -> pd.Index:
    """Every bar from ``first`` on where the histogram has just turned, however often in one run below zero."""
    change = h.diff()
    found = (h < 0) & (h - h.shift(rises) >= depth * std) & (h.index >= first)
    for back in range(rises):
        found &= change.shift(back) > 0
    for back in range(rises, rises + falls):
        found &= change.shift(back) < 0
    return h.index[found & ((line < 0) | (not below_zero))]


def macd_curl(
    closes: pd.Series,
    spans: tuple[int, int, int],
    falls: int,
    rises: int,
    depth: float,
    window: int,
    below_zero: bool,
    lasts: int,
) -> pd.Series:
    line, h = macd_of(closes, *spans)
    ready = spans[1] + spans[2] - 1
    first = ready + max(window - 1, falls + rises)
    std = h.iloc[ready:].rolling(window).std(ddof=0).reindex(h.index)
    term = pd.Series(np.where(h.index >= first, 0.0, np.nan))
    blocked_until = -1
    for bar in turns_up(h, line, falls, rises, depth, below_zero, first, std):
        if bar < blocked_until:
            continue
        low = h[bar - rises]
        after = h.iloc[bar:]
        ends = after.index[(after >= 0) | (after < low)]
        blocked_until = ends[0] if len(ends) else len(h)
        strength = min((h[bar] - low) / std[bar], 1.0)
        for age in range(min(lasts, blocked_until - bar)):
            term[bar + age] = strength * (1 - age / lasts)
    return term


def _towards(closes: pd.Series, measure: pd.Series) -> pd.Series:
    return ((measure - 1) / 2).clip(0, 1) * np.sign(closes.diff())


def volume_ratio(closes: pd.Series, volumes: pd.Series, window: int) -> pd.Series:
    baseline = volumes.rolling(window).mean().shift(1)
    return _towards(closes, volumes / baseline.where(baseline > 0))


def volume_log(closes: pd.Series, volumes: pd.Series, window: int) -> pd.Series:
    logs = np.log(volumes.where(volumes > 0))
    traded = logs.dropna()
    mean = traded.rolling(window).mean().reindex(logs.index).ffill().shift(1)
    # Not rolling().std(): that one carries sums along, which are not good enough beside a burst of volume.
    spread = traded.rolling(window).apply(np.std, raw=True).reindex(logs.index).ffill().shift(1)
    std = spread.where(spread >= 1e-9)
    return _towards(closes, (logs - mean) / std).where(volumes > 0, 0.0).where(std.notna())


def momentum(closes: pd.Series, bars: int, window: int, scale: float) -> pd.Series:
    std = closes.pct_change().rolling(window).apply(np.std, raw=True)
    return (closes.pct_change(bars) / (scale * std.where(std >= 1e-9) * np.sqrt(bars))).clip(-1, 1)


def spread(closes: pd.Series, window: int, bars: float) -> pd.Series:
    """The standard deviation of one-bar returns over ``bars`` bars; -1 where it is not known."""
    returns = closes / closes.shift(1) - 1
    values = returns.rolling(window).apply(lambda part: np.sqrt(np.mean((part - part.mean()) ** 2)), raw=True)
    return (values * np.sqrt(bars)).fillna(-1.0)


def sentiment(means: pd.Series, voices: pd.Series, least: float, full: float) -> pd.Series:
    """``means`` and ``voices`` are NaN where no feed was alive."""
    return (means / full).clip(-1, 1).mask(voices < least, 0.0).where(voices.notna())


def sentiment_momentum(means: pd.Series, voices: pd.Series, window: int, least: float, full: float) -> pd.Series:
    before, alive, silent = means.shift(window), voices.notna(), voices < least
    turn = ((means - before) / full).clip(-1, 1).mask(silent | silent.shift(window, fill_value=False), 0.0)
    return turn.where(alive & alive.shift(window, fill_value=False))


def post_volume(means: pd.Series, voices: pd.Series, window: int) -> pd.Series:
    """The baseline is of bars with a feed alone."""
    heard = voices.dropna()
    usual = heard.shift(1).rolling(window).mean()
    strength = (((heard - usual) / np.sqrt(usual.clip(lower=1.0)) - 1) / 2).clip(0, 1)
    side = np.sign(means[heard.index]).where(means[heard.index].abs() >= 0.05, 0.0)
    return (strength * side).reindex(voices.index)
