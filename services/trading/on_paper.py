"""What a person reads of trading on paper: positions, orders and fills, as plain rows.

Each says that it is of paper, and what the candles are: play money is never told in the place of money.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from services.core.events import Recorded
from services.core.process.context import Position
from services.core.words import typed_number
from services.trading.events import Filled
from services.trading.fills import Side
from services.trading.paper.session import SessionState
from services.trading.scoring.book_terms import book_terms
from services.trading.steps import book_layout as at
from services.trading.steps.levels import stop_level, target_price
from services.trading.strategy import Strategy
from services.trading.tape import BotTape, TapeRow

Row = dict[str, Any]
ACCOUNT = "paper"
"""What every row says of its money."""
FILL_COLUMNS = ("account", "time", "market", "side", "price", "amount", "fee", "fee_currency", "bot", "id", "candle",
                "candles")  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperBot:
    """A bot that trades on paper: what it told, and where its session stands."""

    tape: BotTape
    state: SessionState | None = None
    """None where what is kept is not of the same moment: its stop and its orders are not known then."""

    @classmethod
    def of(cls, tape: BotTape, kept: Position | None) -> Self:
        """With the position that is kept of its run, if that is of the tape's session and its newest fill."""
        try:
            state = SessionState.of(kept)
        except msgspec.ValidationError:  # of a run of another kind, before the file said this one
            return cls(tape)
        if state is None or state.session != tape.session:
            return cls(tape)
        account = tape.account
        same = (state.account.trades, state.account.quantity) == (
            (account.trades, account.held) if account is not None else (0, 0.0)
        )
        return cls(tape, state if same else None)

    @property
    def held(self) -> float:
        """In base; below 0 when short, 0 where nothing is held that could be closed."""
        return self.tape.account.held if self.tape.account is not None and self.tape.position else 0.0

    @property
    def leaving(self) -> bool:
        """Whether what is held is sold, or bought back, at the next price."""
        return self.state is not None and self.state.open and self._book[at.PENDING] == -self._book[at.OPEN]

    @property
    def stop(self) -> float:
        """Where the position is left; 0 for nowhere."""
        terms = self._terms
        return stop_level(self._book, terms) if terms is not None and self.held else 0.0

    @property
    def target(self) -> float:
        """Where its profit is taken; 0 for nowhere."""
        terms = self._terms
        return target_price(self._book, terms) if terms is not None and self.held else 0.0

    @property
    def wanted(self) -> Row | None:
        """What it is about to trade, where that is decided and not filled yet."""
        if self.state is None or len(self._book) != at.BOOK:
            return None
        book, side = self._book, self._book[at.PENDING]
        why = self.state.asked or "its last close decided it"
        if self.leaving:
            held = _plain(abs(self.held))
            return {"role": "exit", "side": _side(side), "quantity": held, "state": "waits", "why": why}
        if book[at.REST]:
            terms = self._terms
            step = terms[at.STEP_PART] / terms[at.STEP_SCALE] if terms is not None else 0.0
            limit = book[at.LIMIT]
            state = "rests" if limit else "waits"
            entry = {"role": "entry", "side": _side(book[at.REST_SIDE]), "quantity": _plain(book[at.REST] * step)}
            return {**entry, "price": _plain(limit) if limit else None, "state": state, "why": "its score"}
        return {"role": "entry", "side": _side(side), "state": "waits", "why": why} if side else None

    @property
    def _book(self) -> list[float]:
        return list(self.state.book) if self.state is not None else []

    @property
    def _terms(self) -> list[float] | None:
        """Of the strategy that its session trades by; None where it is not known."""
        if self.state is None or len(self.state.book) != at.BOOK or not self.state.strategy:
            return None
        strategy = Strategy.from_json(self.state.strategy)
        return book_terms(strategy) if strategy is not None else None


def positions(bots: Iterable[PaperBot]) -> list[Row]:
    """What each bot holds on paper, and the stop that its bars are watched for."""
    return [
        {
            **_of(bot),
            "quantity": _plain(bot.held),
            "open": bot.state.open if bot.state is not None else True,
            "leaving": bot.leaving,
            "stops": [_watched(bot.stop, bot)] if bot.stop else [],
            "target": _plain(bot.target) if bot.target else None,
        }
        for bot in bots
        if bot.held
    ]


def orders(bots: Iterable[PaperBot], ended: bool = False) -> list[Row]:
    """What is asked for and not filled, and the levels that bars are watched for; with ``ended`` before them what was
    filled or declined, of each bot the newest that its tape has."""
    return [row for bot in bots for row in _orders(bot, ended)]


def fills(recorded: Iterable[Recorded]) -> list[Row]:
    """A row of each fill on paper, as they are given: ``Filled`` events."""
    return [_fill(each, each.event) for each in recorded if isinstance(each.event, Filled)]


def as_csv(rows: Iterable[Row]) -> str:
    """Fills with a line of titles; the first column of each says that it is of paper."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FILL_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _orders(bot: PaperBot, ended: bool) -> Iterator[Row]:
    if ended:
        yield from (_over(bot, row) for row in bot.tape.rows)
    for asked in bot.tape.open:
        state = "unknown" if asked.unknown else "submitted"
        yield _order(bot, id=asked.id, state=state, since=asked.at.isoformat(), why=asked.what)
    if wanted := bot.wanted:
        yield _order(bot, **wanted)
    way, held = _side(-bot.held), _plain(abs(bot.held))
    if bot.stop:
        trigger = _plain(bot.stop)
        yield _order(bot, role="stop", side=way, quantity=held, trigger=trigger, state="watched", why="its stop")
    if bot.target:
        price = _plain(bot.target)
        yield _order(bot, role="target", side=way, quantity=held, price=price, state="watched", why="its target")


def _order(bot: PaperBot, **told: Any) -> Row:
    """An order with the keys of one at the exchange; what there is none of is null."""
    blank = dict.fromkeys(("id", "role", "side", "quantity", "price", "trigger", "since", "why"))
    return {**_of(bot), **blank, "filled": "0", **told}


def _over(bot: PaperBot, row: TapeRow) -> Row:
    done = {"quantity": _plain(row.quantity), "filled": _plain(row.quantity), "price": _plain(row.price)}
    told = {"state": "rejected", "why": row.declined} if row.declined else {**done, "state": "filled", "why": _why(row)}
    return _order(bot, id=row.id, side=row.side.value, since=row.at.isoformat(), **told)


def _why(row: TapeRow) -> str:
    if isinstance(row.because, str):
        return row.because
    if "rule" in row.because:
        return str(row.because["rule"])
    score = row.because.get("score")
    return f"score {score:+.2f}" if isinstance(score, int | float) else ""


def _fill(recorded: Recorded, filled: Filled) -> Row:
    values = (
        ACCOUNT, recorded.at.isoformat(), filled.market, filled.side.value, _plain(filled.price),
        _plain(filled.quantity), _plain(filled.fee), filled.market.partition("/")[2], recorded.source,
        filled.client_id, filled.candle.isoformat(), filled.label,
    )  # fmt: skip
    return dict(zip(FILL_COLUMNS, values, strict=True))


def _watched(level: float, bot: PaperBot) -> Row:
    return {"quantity": _plain(abs(bot.held)), "trigger": _plain(level), "state": "watched"}


def _of(bot: PaperBot) -> Row:
    return {"account": ACCOUNT, "bot": bot.tape.bot, "market": bot.tape.market, "candles": bot.tape.label}


def _side(way: float) -> str:
    return (Side.BUY if way > 0 else Side.SELL).value


_plain = typed_number
