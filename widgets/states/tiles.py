"""The six figures at the top of Overview: each says what its data are, and what would bring them where none are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from services.core import words
from services.core.durations import format_duration
from services.core.process import State
from services.core.projections.views import HOUR, View
from services.core.samples.rollup import MINUTE
from services.debugger.kpis import DebuggerFigures, DebuggerKpis
from services.engagement.kpis import EngagementFigures, EngagementKpis
from services.orchestrator.history.projections import Processes, ProcessesValue, Pulse, PulseValue
from services.trading.kpis import BotKpis, TradingKpis
from services.trading.live.tapes import ExchangeTapes
from services.trading.tape import BotTape
from widgets.parts.kpi.view import KpiView
from widgets.parts.text.times import signed
from widgets.states.curves import Curve, counted, curve, window_of

STEPS = 40
"""Points of a sparkline."""
_KEPT = Pulse.KEPT


def tiles(view: View) -> tuple[KpiView, ...]:
    """Paper P&L, engagement rate, tests passing, social sentiment, runs done, failures."""
    pulse: PulseValue = view.value(Pulse)
    return (_pnl(view), _rate(view), _tests(view), _sentiment(view), _runs(view, pulse), _errors(view, pulse))


def bots_of(view: View) -> tuple[BotKpis, ...]:
    """The trading bots there still are."""
    processes: ProcessesValue = view.value(Processes)
    bots: tuple[BotKpis, ...] = view.value(TradingKpis)
    return tuple(bot for bot in bots if processes.named(bot.bot))


def names_of(view: View, service: str) -> tuple[str, ...]:
    """The processes of a service."""
    processes: ProcessesValue = view.value(Processes)
    return tuple(row.name for row in processes.rows if row.service == service)


def origin(bots: Sequence[BotKpis]) -> str:
    """What the candles are: ``recorded``, ``generated``, or both."""
    return " and ".join(sorted({bot.label.partition(":")[0] for bot in bots}))


def begun_anew(bots: Sequence[BotKpis]) -> tuple[datetime, ...]:
    """When a replay began anew, with its first candle and the whole capital."""
    return tuple(at for bot in bots for at in bot.anew)


def _pnl(view: View) -> KpiView:
    bots = bots_of(view)
    if not bots:
        return _nothing_on_paper(view)
    metrics = [f"trading.pnl_percent:{bot.bot}" for bot in bots]
    newest = [view.newest(metric) for metric in metrics]
    known = [bot.pnl_percent if value is None else value for bot, value in zip(bots, newest, strict=True)]
    pnl = sum(known) / len(known)
    course = _course(view, metrics, begun_anew(bots))
    what = f"{origin(bots)} candles, paper money"
    told = f"mean of {len(bots)} bots" if len(bots) > 1 else bots[0].bot
    made = KpiView(
        "pnl",
        f"Paper P&L · {origin(bots)}",
        signed(pnl),
        "%",
        note=told,
        role="ok" if pnl >= 0 else "bad",
        tip=f"{told}: {what}, each since its session began",
        short=f"P&L · {origin(bots)}",
    )
    return _moved(made, course, 2, good="up")


def _nothing_on_paper(view: View) -> KpiView:
    """What is traded at the exchange is never told as paper, and its money stands on its own page."""
    tapes: tuple[BotTape, ...] = view.value(ExchangeTapes)
    if tapes:
        tip = "No strategy trades on paper; what bots win at the exchange stands on the Trading page"
        return KpiView("pnl", "Paper P&L", note="none on paper", tip=tip)
    return KpiView("pnl", "Paper P&L", note="add a strategy", tip="No strategy trades yet")


def _rate(view: View) -> KpiView:
    figures: EngagementFigures = view.value(EngagementKpis)
    label = "Simulated engagement rate" if figures.simulated else "Engagement rate"
    short = "Sim. engagement" if figures.simulated else ""
    if figures.rate is None:
        note = "none measured yet" if figures.posts else "add a campaign"
        tip = "Reactions per hundred impressions, once a post has been measured"
        return KpiView("rate", label, note=note, role="engagement", tip=tip, short=short)
    course = _course(view, [f"engagement.rate:{name}" for name in names_of(view, "engagement")])
    made = KpiView(
        "rate",
        label,
        f"{figures.rate:.1f}",
        "%",
        note=f"{words.counted(figures.actions_today, 'action')} today",
        role="engagement",
        tip="Reactions per hundred impressions of the latest measured posts" + _simulated(figures),
        short=short,
    )
    return _moved(made, course, 1, good="up")


def _tests(view: View) -> KpiView:
    figures: DebuggerFigures = view.value(DebuggerKpis)
    if figures.passing is None:
        return _untested(figures)
    metrics = [f"debugger.tests.passing:{each.process}" for each in figures.projects]
    course = _course(view, metrics)
    made = KpiView(
        "tests",
        "Tests passing",
        f"{figures.passing:.0f}" if figures.passing in (0, 100) else f"{min(figures.passing, 99.9):.1f}",
        "%",
        note=" ".join(part for part in (f"{figures.failing:,} failing", _where(figures)) if part),
        role="debugger",
        tip="Of all tests that told a verdict in the latest runs. Patch success stands here once there are patches",
    )
    if figures.failing:
        told = f"{figures.failing:,} failing"
        return replace(made, course=course.ys, change=told, sense="bad", note=_where(figures), role="bad")
    return _moved(made, course, 1, good="up")


def _where(figures: DebuggerFigures) -> str:
    """How many projects the verdicts are of, where there are several, and how many have none."""
    tested = sum(each.passing is not None for each in figures.projects)
    without = len(figures.projects) - tested
    parts = (f"in {tested} projects" if tested > 1 else "", f"{without} untested" if without else "")
    return ", ".join(part for part in parts if part)


def _untested(figures: DebuggerFigures) -> KpiView:
    """No run gave a verdict: why not, in a few words."""
    bad = next((each for each in figures.projects if each.amiss), None)
    if bad is not None:
        tip = f"{bad.process}: {bad.why}"
        return KpiView("tests", "Tests passing", change=bad.amiss, sense="bad", note=f"in {bad.process}", tip=tip)
    note = "no verdict yet" if figures.projects else "add a project"
    return KpiView("tests", "Tests passing", note=note, role="debugger", tip="No project was tested yet")


def _sentiment(view: View) -> KpiView:
    figures: EngagementFigures = view.value(EngagementKpis)
    label = "Simulated sentiment" if figures.simulated else "Social sentiment"
    short = "Sim. sentiment" if figures.simulated else ""
    if figures.sentiment is None:
        tip = "From −1 to +1, over what people answered, newest weighing most"
        return KpiView("sentiment", label, note="no response yet", role="trading", tip=tip, short=short)
    course = _course(view, [f"engagement.sentiment:{name}" for name in names_of(view, "engagement")])
    return KpiView(
        "sentiment",
        label,
        signed(figures.sentiment),
        note=words.counted(figures.responses, "response"),
        course=course.ys,
        role="trading",
        tip="From −1 to +1, an exponentially weighted mean over responses" + _simulated(figures),
        short=short,
    )


def _runs(view: View, pulse: PulseValue) -> KpiView:
    lately = pulse.finished_since(view.at - timedelta(hours=1))
    course = counted([at.timestamp() for at in pulse.finish_times], view.at.timestamp(), HOUR, STEPS)
    note = f"{_bounded(lately)} in the last hour" if pulse.runs_finished else "none yet"
    failed = f"{pulse.runs_failed:,} failed" if pulse.runs_failed else "none failed"
    return KpiView(
        "runs",
        "Runs done",
        f"{pulse.runs_finished:,}",
        note=note,
        course=course if lately else (),
        role="content",
        tip=f"Runs that ended well since this home was made; {failed}",
    )


def _errors(view: View, pulse: PulseValue) -> KpiView:
    processes: ProcessesValue = view.value(Processes)
    now, hour = view.at, timedelta(hours=1)
    lately = pulse.errors_since(now - hour)
    before = pulse.errors_since(now - 2 * hour) - lately
    still = processes.count(State.FAILED, State.STALLED, State.BACKOFF)
    course = counted([at.timestamp() for at in pulse.error_times], now.timestamp(), HOUR, STEPS)
    more = lately - before
    return KpiView(
        "errors",
        "Failures, last hour",
        _bounded(lately),
        change=f"{abs(more)}" if more else "",
        direction=_direction(more),
        sense="" if not more else "bad" if more > 0 else "good",
        note=("vs. 1 h ago · " if more else "") + (f"{still} open" if still else "all healed" if lately else "none"),
        course=course if lately else (),
        role="bad",
        tip=f"Runs that failed, died or stalled; {before} in the hour before. "
        f"{words.counted(still, 'process is', 'processes are')} not back yet",
    )


def _course(view: View, metrics: Sequence[str], anew: Sequence[datetime] = ()) -> Curve:
    return curve(view, metrics, window_of(view, metrics), STEPS, anew)


def _moved(tile: KpiView, course: Curve, digits: int, good: Literal["up", "down"]) -> KpiView:
    """The tile with its course, and how it moved over the time that the course tells of."""
    told = f"{abs(course.change):.{digits}f}"
    if float(told) == 0:
        return replace(tile, course=course.course)
    direction = _direction(course.change)
    sense: Literal["good", "bad"] = "good" if direction == good else "bad"
    note = f"in {_about(course.seconds)} · {tile.note}"
    return replace(tile, course=course.course, change=told, direction=direction, sense=sense, note=note)


def _about(seconds: float) -> str:
    """How long, in words that do not change with every second."""
    return format_duration(max(MINUTE, round(seconds / MINUTE) * MINUTE)) if seconds > 90 else "1 min"


def _direction(change: float) -> Literal["up", "down", ""]:
    return "up" if change > 0 else "down" if change < 0 else ""


def _bounded(count: int) -> str:
    """A count out of a bounded memory: beyond it, at least so many."""
    return f"{count:,}" if count < _KEPT else f"{count:,}+"


def _simulated(figures: EngagementFigures) -> str:
    return "; of the simulated network, nothing leaves this machine" if figures.simulated else ""
