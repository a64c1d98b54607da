"""`dreamscape backtest … --compare-sentiment`: what the terms of posts earn, told beside the backtest."""

from __future__ import annotations

from typing import Any

from app.cli.output import say

_SAID = {
    "earns": "The terms of posts earned: the whole interval is above 0.",
    "costs": "The terms of posts cost money: the whole interval is below 0.",
    "noise": "The difference is noise: these bars do not tell whether the terms of posts earn or cost.",
}


def show(told: dict[str, Any]) -> None:
    """The comparison of a backtest's document, in words."""
    from services.core.words import counted, number_text

    compared, without = told["sentiment"], told["sentiment"]["without"]
    say("With the terms of posts and without them:")
    rows = [
        ("Return", _percent(told, "total_return"), _percent(without, "total_return")),
        ("Max drawdown", _percent(told, "max_drawdown"), _percent(without, "max_drawdown")),
        ("Sharpe", _figure(told, "sharpe"), _figure(without, "sharpe")),
        ("Trades", f"{told['trades']:,}", f"{without['trades']:,}"),
    ]
    wide = max(len(name) for name, *_ in rows), max(len(one) for _, one, _ in rows)
    for name, one, other in rows:
        say(f"  {name:<{wide[0]}}  {one:<{wide[1]}}  {other}")
    if compared["mean"] is None:
        say(f"Mean difference a bar: none ({compared['why']})")
    else:
        mean, low, high = (f"{number_text(10_000 * compared[name], 3)}" for name in ("mean", "low", "high"))
        share = f"{100 * compared['confidence']:g} %"
        say(f"Mean difference a bar: {mean} basis points, {share} interval {low} to {high}")
        blocks = f"blocks of {number_text(compared['block_bars'], 3)} bars on average"
        say(f"By a {compared['method']}; {blocks}, {counted(compared['resamples'], 'resample')}")
    say(_SAID[compared["verdict"]])


def _figure(told: dict[str, Any], name: str) -> str:
    from services.core.words import number_text

    return "none" if told[name] is None else number_text(told[name])


def _percent(told: dict[str, Any], name: str) -> str:
    return "none" if told[name] is None else f"{100 * told[name]:.2f} %"
