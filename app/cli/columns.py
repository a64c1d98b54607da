"""Tables for people: one line a row, fitted to the terminal. What does not fit is elided; a pipe gets all of it."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.cli.output import clean

GAP = "  "
WIDE = 100
"""Cells from which on a line has more than the most important."""
_LEAST = 12
"""Cells that a column keeps however narrow the terminal is."""
_ROOM = 20
"""Cells of a column that shares the rest, before those with names give way no more."""


@dataclass(frozen=True)
class Column:
    """A column. One that nothing stands in is left out."""

    title: str
    most: int = 0
    """Cells at most, where the terminal is limited, and fewer where it is narrow; 0 is as wide as what stands in it."""
    names: bool = False
    """Names stand in it, of which the beginning and the end tell most: they are cut in the middle."""
    share: int = 0
    """Its part of the room that the others leave; what needs less leaves the rest to the others."""
    since: int = 0
    """The width of the terminal from which on it is shown."""


@dataclass(frozen=True)
class Cell:
    """Text with a style as rich names it."""

    text: str
    style: str = ""


Row = Sequence[Cell | str]


def terminal_width() -> int:
    """Cells of a line: COLUMNS, else the terminal's own; 0 is no limit, as in a pipe."""
    return shutil.get_terminal_size((0, 0)).columns


def on_terminal() -> bool:
    """Whether a person looks at standard output right now."""
    return sys.stdout.isatty()


def table(columns: Sequence[Column], rows: Iterable[Row], width: int | None = None) -> None:
    """Print rows under their titles."""
    limit = terminal_width() if width is None else width
    cells = [[_cell(each) for each in row] for row in rows]
    shown = [at for at, column in enumerate(columns) if _is_shown(at, column, cells, limit)]
    chosen = [columns[at] for at in shown]
    lines = [[row[at] for at in shown] for row in cells]
    widths = _widths(chosen, lines, limit)
    _print([Cell(column.title, "bold") for column in chosen], widths)
    for line in lines:
        named = zip(line, chosen, widths, strict=True)
        _print([Cell(fit_name(cell.text, size), cell.style) if of.names else cell for cell, of, size in named], widths)


def paragraph(text: str, indent: int = 0, style: str = "", first: str = "", most: int | None = None) -> None:
    """Print text wrapped to the terminal under an indent, in ``most`` lines; ``first`` stands in the first line's."""
    limit, inner = terminal_width(), " " * indent
    plain = clean(text)
    width = max(limit - indent, _LEAST)
    parts = textwrap.wrap(plain, width, max_lines=most, placeholder="…") if limit else [plain]
    for number, part in enumerate(parts or [""]):
        lead = clean(first).ljust(indent) if number == 0 else inner
        _write([(lead, ""), (part, style)])


def line(text: str, style: str = "", indent: int = 0) -> None:
    """Print one line, elided where the terminal ends."""
    limit = terminal_width()
    _write([(" " * indent, ""), (fit(clean(text), limit - indent) if limit else clean(text), style)])


def fit(text: str, cells: int) -> str:
    """``text`` in at most ``cells`` cells of a terminal."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= cells else set_cell_size(text, max(cells - 1, 0)).rstrip() + "…"


def fit_name(text: str, cells: int) -> str:
    """As ``fit``, with what does not fit left out of the middle."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= cells:
        return text
    tail = text
    while cell_len(tail) > (cells - 1) // 2:
        tail = tail[1:]
    return f"{set_cell_size(text, max(cells - 1 - cell_len(tail), 0)).rstrip()}…{tail}"


def _cell(given: Cell | str) -> Cell:
    cell = given if isinstance(given, Cell) else Cell(given)
    return Cell(" ".join(clean(cell.text).split()), cell.style)


def _is_shown(at: int, column: Column, rows: Sequence[Sequence[Cell]], limit: int) -> bool:
    return (not limit or limit >= column.since) and any(row[at].text for row in rows)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], limit: int) -> list[int]:
    from rich.cells import cell_len

    natural = [
        max(cell_len(column.title), *(cell_len(row[at].text) for row in rows)) if rows else cell_len(column.title)
        for at, column in enumerate(columns)
    ]
    if not limit:
        return natural
    found = [min(size, column.most) if column.most else size for size, column in zip(natural, columns, strict=True)]
    room = limit - len(GAP) * (len(columns) - 1)
    _give_way(room, columns, found)
    _share_out(room - sum(found[at] for at, column in enumerate(columns) if not column.share), columns, found)
    return found


def _give_way(room: int, columns: Sequence[Column], widths: list[int]) -> None:
    """Narrow the widest of the columns that have a most, until what shares the rest has room."""
    bounded = [at for at, column in enumerate(columns) if column.most and not column.share]

    def needed() -> int:
        return sum(min(size, _ROOM) if column.share else size for size, column in zip(widths, columns, strict=True))

    while needed() > room and (widest := max(bounded, key=lambda at: widths[at], default=None)) is not None:
        if widths[widest] <= _LEAST:
            return
        widths[widest] -= 1


def _share_out(left: int, columns: Sequence[Column], widths: list[int]) -> None:
    """Fit the sharing columns into what is left: who needs no more than its share has it, the others share the rest."""
    sharing = [at for at, column in enumerate(columns) if column.share]
    while sharing:
        shares = sum(columns[at].share for at in sharing)
        content = [at for at in sharing if widths[at] <= left * columns[at].share // shares]
        for at in content or sharing:
            if not content:
                widths[at] = max(left * columns[at].share // shares, _LEAST)
            else:
                left -= widths[at]
        sharing = [at for at in sharing if at not in content] if content else []


def _print(cells: Sequence[Cell], widths: Sequence[int]) -> None:
    from rich.cells import cell_len

    parts: list[tuple[str, str]] = []
    for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        text = fit(cell.text, width)
        last = at == len(cells) - 1
        parts.append((text, cell.style))
        parts.append(("" if last else " " * (width - cell_len(text)) + GAP, ""))
    _write(parts)


def _write(parts: Iterable[tuple[str, str]]) -> None:
    from rich.console import Console
    from rich.text import Text

    whole = Text()
    for text, style in parts:
        whole.append(text, style or None)
    whole.rstrip()
    Console(file=sys.stdout, highlight=False).print(whole, soft_wrap=True)
