"""The rules as lines: how each stands for what it watches, what holds it back, and which file has a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from services.core.projections.views import View
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue, SubjectRow
from services.orchestrator.definitions.file_mistakes import FileMistakes, FileMistakesValue, MistakenFile
from services.orchestrator.history.watched import standing_rules
from widgets.parts.text.times import clock_time, full_time
from widgets.states.process_lines import Shape

FOLDER = "strategies/rules/"
_SHAPES: dict[str, Shape] = {
    "firing": "bad",
    "latched": "bad",
    "error": "bad",
    "recovering": "warn",
    "pending": "warn",
    "no data": "warn",
    "dormant": "warn",
    "cooling down": "idle",
    "no value yet": "idle",
    "normal": "ok",
}
_RANKS: tuple[Shape, ...] = ("bad", "warn", "info", "idle", "ok")
"""What wants a person comes first."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule for one subject, or a file of rules that has mistakes."""

    key: str
    rule: str
    each: str
    word: str
    shape: Shape
    since: datetime | None
    when: str
    """Since when, as a person reads it; empty where nothing has happened yet."""
    exactly: str
    because: str
    """Why it stands so, in a few words."""
    texts: tuple[tuple[str, str], ...]
    """Names and sentences for the pane."""
    can_rearm: bool = False
    shipped: str = ""
    """Its file as ``rules/NAME.yaml``, where that comes with Dreamscape and can be made one's own."""

    @property
    def title(self) -> str:
        return f"{self.rule} · {self.each}" if self.each else self.rule


def rule_lines(view: View) -> tuple[RuleLine, ...]:
    """Every rule for every subject, those that want a person first."""
    wrong: FileMistakesValue = view.value(FileMistakes)
    known = standing_rules(view)
    mistaken = [_of_file(file, view.at) for file in wrong.files if file.path.startswith(FOLDER)]
    lines = [line for row in known.rows for line in _of_rule(row, view.at)]
    return tuple(sorted((*mistaken, *lines), key=lambda line: _RANKS.index(line.shape)))


def rules_watching(view: View, process: str) -> tuple[RuleLine, ...]:
    """The rules that watch a process, those that want a person first."""
    known: RulesValue = view.value(RuleStandings)
    lines = (_line(row, each, view.at) for row, each in known.of(process))
    return tuple(sorted(lines, key=lambda line: _RANKS.index(line.shape)))


def key_of(rule: str, each: str) -> str:
    """What a line is recognised by; neither part has a line break."""
    return f"{rule}\n{each}"


def _of_rule(row: RuleRow, now: datetime) -> Iterator[RuleLine]:
    if row.subjects and not row.read.unheard:
        yield from (_line(row, each, now) for each in row.subjects)
        return
    word = row.word(None, now)
    why = row.read.unheard or f"{row.read.metric} has not been measured yet; it is judged from the first value on"
    because = f"nothing measures {row.read.metric}" if row.read.unheard else f"waits for {row.read.metric}"
    texts = (("Why", why), *_about(row))
    shape, shipped = _SHAPES[word], _shipped(row)
    yield RuleLine(
        key_of(row.name, ""), row.name, "", word.capitalize(), shape, None, "", "", because, texts, shipped=shipped
    )


def _line(row: RuleRow, subject: SubjectRow, now: datetime) -> RuleLine:
    cooling = row.cooling_until(subject, now)
    word = row.word(subject, now)
    told = (
        ("Why", subject.because),
        ("Did", ", ".join(subject.actions) + f", {clock_time(subject.acted_at, now)}" if subject.acted_at else ""),
        ("Held back", f"{', '.join(subject.withheld)}: {subject.why_withheld}" if subject.withheld else ""),
        ("Cools down", f"until {clock_time(cooling, now)}; until then it acts no more" if cooling else ""),
        ("Ends", "only when you re-arm it, with a reason" if subject.latched else ""),
        *_about(row),
    )
    return RuleLine(
        key_of(row.name, subject.each),
        row.name,
        subject.each,
        word.capitalize(),
        _SHAPES[word],
        subject.since,
        clock_time(subject.since, now),
        full_time(subject.since),
        subject.because or f"{row.read.metric}: {row.read.condition}",
        tuple((name, text) for name, text in told if text),
        subject.alarmed,
        _shipped(row),
    )


def _shipped(row: RuleRow) -> str:
    return f"rules/{row.read.file}" if row.read.shipped else ""


def _about(row: RuleRow) -> tuple[tuple[str, str], ...]:
    read = row.read
    then = ", ".join(read.then) + (" (dry run: told, not done)" if read.dry_run else "")
    each = f" of each {read.each.replace('_', ' ')}" if read.each else ""
    undone = (("Not carried out", read.undone),) if read.undone else ()
    file = f"{read.file}, which comes with Dreamscape" if read.shipped else read.file
    return (("When", f"{read.metric}{each}: {read.condition}"), ("Then", then), *undone, ("File", file))


def _of_file(file: MistakenFile, now: datetime) -> RuleLine:
    more = len(file.mistakes) > 1
    texts = (
        *((f"Mistake {number}" if more else "Mistake", str(each)) for number, each in enumerate(file.mistakes, 1)),
        ("In force", "the version before it, if there was one"),
    )
    first = file.mistakes[0]
    place = ":".join(first.where.rsplit(":", 2)[1:])
    return RuleLine(
        file.path,
        PurePosixPath(file.path).name,
        "",
        "Mistake",
        "bad",
        file.since,
        clock_time(file.since, now),
        full_time(file.since),
        f"{place}: {first.what}".removeprefix(": "),
        texts,
    )
