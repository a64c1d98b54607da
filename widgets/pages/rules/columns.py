"""The columns of the rules."""

from __future__ import annotations

from widgets.parts.status import Status
from widgets.parts.table import Cell, Column
from widgets.states.rules import RuleLine

COLUMNS = (
    Column[RuleLine]("rule", "Rule", lambda line: Cell(line.rule, tip=line.rule), 168, least=120),
    Column[RuleLine]("each", "For", lambda line: Cell(line.each or "—", "tx1", tip=line.each), 132, least=96),
    Column[RuleLine]("state", "State", lambda line: Cell(line.word, "tx1", Status(line.shape)), 124, least=118),
    Column[RuleLine](
        "since",
        "Since",
        lambda line: Cell(line.when or "—", "tx2", mono=True, tip=line.exactly),
        76,
        sort=lambda line: line.since.timestamp() if line.since else 0.0,
        leaves_below=600,
    ),
    Column[RuleLine]("why", "Because", lambda line: Cell(line.because, "tx2", tip=line.because), 240, stretch=True),
)
