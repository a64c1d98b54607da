"""The weekly review: what each process did in the last seven days, kept as an event and as a page to read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from services.core.durations import format_duration, minutes
from services.core.journal import Journal
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.core.whole_files import write_whole
from services.core.words import counted
from services.orchestrator.housekeeping.events import ProcessReview, ReviewMade
from services.orchestrator.housekeeping.reckoning import reckon

MOST_ROWS = 50
"""Processes that the event names; the report names all."""


class WeeklyReview(Process):
    """Counts the last ``days`` and writes them to ``folder`` as Markdown."""

    isolation = Isolation.THREAD
    heartbeat = minutes(2)
    journal: Journal
    folder: Path
    days: int = 7

    def run(self, context: Context) -> None:
        end = context.clock.now()
        start = end - timedelta(days=self.days)
        context.doing("counting the week")
        rows = reckon(self.journal, start, end).rows()
        context.checkpoint()
        path = self.folder / f"review-{end:%Y-%m-%d}.md"
        review = _review(rows, start, end, path)
        context.doing("writing the report")
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, (f"{line}\n".encode() for line in lines(review, rows)))
        context.emit(review)


def _review(rows: tuple[ProcessReview, ...], start: datetime, end: datetime, path: Path) -> ReviewMade:
    return ReviewMade(
        start,
        end,
        len(rows),
        sum(row.runs for row in rows),
        sum(row.failures for row in rows),
        sum(row.restarts for row in rows),
        sum(row.alone for row in rows),
        sum(row.undone for row in rows),
        str(path),
        rows[:MOST_ROWS],
    )


def lines(review: ReviewMade, rows: tuple[ProcessReview, ...]) -> Iterable[str]:
    """The report as Markdown."""
    yield "# The week in review"
    yield ""
    yield f"{review.start:%Y-%m-%d %H:%M} to {review.end:%Y-%m-%d %H:%M} UTC, counted from the journal."
    yield ""
    yield (
        f"{counted(review.processes, 'process')} · {counted(review.runs, 'run')} · {review.failures:,} failed ·"
        f" {counted(review.restarts, 'restart')} · {counted(review.alone, 'decision')} taken without a person ·"
        f" {review.undone:,} undone"
    )
    yield ""
    yield "| Process | Runs | Failed | Restarts | p95 | Decided alone | Undone |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        p95 = format_duration(row.p95_seconds) if row.p95_seconds is not None else "–"
        yield (
            f"| {_cell(row.process)} | {row.runs} | {row.failures} | {row.restarts} | {p95} | {row.alone} |"
            f" {row.undone} |"
        )
    troubled = [row for row in rows if row.errors]
    if troubled:
        yield ""
        yield "## What went wrong"
        yield ""
        yield from (f"- **{_cell(row.process)}**: {'; '.join(map(_cell, row.errors))}" for row in troubled)


def _cell(text: str) -> str:
    """Text from outside as plain text in Markdown."""
    escaped = "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in text)
    return " ".join(escaped.split())
