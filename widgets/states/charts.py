"""The two charts of Overview, each with a title that says what its lines are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from services.core.projections.views import HOUR, View
from services.core.samples.rollup import MINUTE
from services.debugger.kpis import DebuggerFigures, DebuggerKpis
from services.engagement.kpis import EngagementFigures, EngagementKpis
from services.trading.kpis import BotKpis
from widgets.parts.text.times import clock_time
from widgets.states.curves import Curve, curve, window_of
from widgets.states.tiles import begun_anew, bots_of, names_of, origin

STEPS = 240
"""Points of a line: about two pixels each."""
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; ``own`` is of sentiment, and has the scale at the left."""

    id: str
    name: str
    role: str
    curve: Curve = field(default_factory=Curve)
    own: bool = False
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. ``nothing`` stands where no line has a point.

    ``unit`` decides how the scale is written and how far it can go: a share is of 0 to 100 %.
    """

    id: str
    title: str
    note: str
    lines: tuple[Line, ...]
    unit: Literal["money", "percent", "share", "price"]
    nothing: str
    threshold: float | None = None


def money_chart(view: View) -> Chart:
    """One bot's equity, or the mean result of several (their currencies may differ), with the sentiment."""
    bots = bots_of(view)
    talkers = [f"engagement.sentiment:{name}" for name in names_of(view, "engagement")]
    mood = "sentiment (simulated)" if _figures(view).simulated else "sentiment"
    metrics = [f"trading.{'equity' if len(bots) == 1 else 'pnl_percent'}:{bot.bot}" for bot in bots]
    seconds = window_of(view, [*metrics, *talkers])
    name = "equity" if len(bots) == 1 else "P&L"
    told = f"{name} ({origin(bots)})" if bots else name
    lines = (
        Line(name, told, "trading", curve(view, metrics, seconds, STEPS, begun_anew(bots)), fill=True),
        Line("sentiment", mood, "engagement", curve(view, talkers, seconds, STEPS), own=True),
    )
    return Chart(
        "money",
        _money_title(bots),
        span_text(seconds) + _begun_anew(view, bots, seconds),
        lines,
        "money" if len(bots) == 1 else "percent",
        "No strategy has traded yet: add a strategy, or let one run",
    )


def second_chart(view: View) -> Chart:
    """How the tests stand, project by project; without a project the newest price that is traded on."""
    figures: DebuggerFigures = view.value(DebuggerKpis)
    tested = [each for each in figures.projects if each.passing is not None]
    bots = bots_of(view)
    if not tested and bots:
        return _price_chart(view, bots[0])
    shown = tested[:MOST_LINES]
    metrics = {each.process: f"debugger.tests.passing:{each.process}" for each in shown}
    seconds = window_of(view, tuple(metrics.values()))
    roles = ("debugger", "accent", "info", "warn")
    lines = tuple(
        Line(name, name, role, curve(view, [metric], seconds, STEPS))
        for (name, metric), role in zip(metrics.items(), roles, strict=False)
    )
    more = f", first {MOST_LINES} of {len(tested)} projects" if len(tested) > MOST_LINES else ""
    nothing = "No tests have run yet: add a project"
    return Chart("tests", "Tests passing", span_text(seconds) + more, lines, "share", nothing)


def span_text(seconds: int) -> str:
    """How a chart's card names its window."""
    if seconds < HOUR:
        return f"last {seconds // MINUTE} min"
    return "last hour" if seconds == HOUR else f"last {seconds // HOUR} h"


def _price_chart(view: View, bot: BotKpis) -> Chart:
    metric = f"trading.price:{bot.bot}"
    seconds = window_of(view, [metric])
    lines = (Line("price", bot.market, "trading", curve(view, [metric], seconds, STEPS, bot.anew)),)
    title = f"Price of {bot.market} · {origin([bot])}"
    note = span_text(seconds) + _begun_anew(view, (bot,), seconds)
    return Chart("price", title, note, lines, "price", "No price yet")


def _begun_anew(view: View, bots: Sequence[BotKpis], seconds: int) -> str:
    """What explains a gap in the line: candles that came to their end begin anew."""
    within = view.at - timedelta(seconds=seconds)
    anew = [bot for bot in bots if bot.session > 1 and bot.began and bot.began >= within]
    if not anew:
        return ""
    at = clock_time(max(bot.began for bot in anew if bot.began), view.at)
    return f", replay {anew[0].session} since {at}" if len(bots) == 1 else f", a replay began anew at {at}"


def _money_title(bots: tuple[BotKpis, ...]) -> str:
    if len(bots) > 1:
        return f"Paper P&L of {len(bots)} bots and sentiment"
    return "Paper equity and sentiment"


def _figures(view: View) -> EngagementFigures:
    figures: EngagementFigures = view.value(EngagementKpis)
    return figures
