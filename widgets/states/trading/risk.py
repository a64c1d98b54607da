"""What the bot has at stake: its position, its stop, how far it has fallen, and what limits it."""

from __future__ import annotations

import re

from services.core.projections.views import View
from services.core.rules.standings import RuleStandings, RulesValue
from services.core.words import counted, number_text
from services.trading.chart.charted import Charted
from services.trading.tape import BotTape
from widgets.parts.text.times import signed
from widgets.states.trading.bots import BotState
from widgets.states.trading.decision import ValueRow
from widgets.states.trading.held import Holding, position_of

_DIGITS = 6
_METRIC = "trading.drawdown"
_LIMIT = re.compile(r"above (0\.\d+)")
"""How a rule's condition in words has its limit, a share."""


def risk_rows(bot: BotState, charted: Charted | None, view: View) -> tuple[ValueRow, ...]:
    """Figures of the moment; without candles those that the tape tells."""
    tape = bot.tape
    if tape is None:
        return ()
    price = charted.bars.closes[-1] if charted is not None and charted.count else None
    worth, held = _equity(bot, tape, price), position_of(tape)
    if tape.exchange:
        return (
            *_position(held, price, worth, tape),
            *_stops(tape, held),
            *_money(tape, worth),
            *(_conduct(charted) if charted is not None else ()),
            *(ValueRow("Held by", each, role="warn") for each in tape.latches),
        )
    return (
        *_position(held, price, worth, tape),
        ValueRow("Equity", _priced(worth, tape)),
        ValueRow("Result", f"{signed(100 * (worth / tape.capital - 1))}% after fees"),
        _drawdown(bot, view),
        *(_exits(held, tape, charted) if charted is not None else ()),
    )


def risk_note(view: View, bot: BotState) -> str:
    """How many rules guard the bot's drawdown."""
    rules: RulesValue = view.value(RuleStandings)
    guards = [rule for rule, _each in rules.of(bot.choice.name)]
    account = bot.tape.label if bot.tape is not None and bot.tape.exchange else "paper account"
    return f"{counted(len(guards), 'rule')} watching" if guards else account


def _position(held: Holding | None, price: float | None, equity: float, tape: BotTape) -> tuple[ValueRow, ...]:
    if held is None:
        return (ValueRow("Position", "none: in cash"), ValueRow("Entry", "—"), ValueRow("Since entry", "—"))
    short = "short " if held.side < 0 else ""
    told = f"{short}{number_text(abs(held.quantity), _DIGITS)} {tape.market.partition('/')[0]}"
    if price and equity > 0:
        told += f" · {100 * abs(held.quantity) * price / equity:.1f}%"
    rows = [ValueRow("Position", told), ValueRow("Entry", _priced(held.entry, tape))]
    if price:
        change = 100 * held.change(price)
        rows.append(ValueRow("Since entry", f"{signed(change)}%", role="ok" if change >= 0 else "bad"))
    return tuple(rows)


def _equity(bot: BotState, tape: BotTape, price: float | None) -> float:
    """At the newest known close, fees in other currencies included; without candles as it was last told."""
    account = tape.account
    if account is None:
        return bot.equity or tape.capital
    if price is None:
        return bot.equity or account.equity
    return account.equity + account.held * (price - account.price)


def _drawdown(bot: BotState, view: View) -> ValueRow:
    """Of how much, where a rule sets a limit to it."""
    rules: RulesValue = view.value(RuleStandings)
    conditions = (rule.read.condition for rule, _ in rules.of(bot.choice.name) if rule.read.metric == _METRIC)
    limit = next((float(found[1]) for each in conditions if (found := _LIMIT.search(each))), None)
    if bot.drawdown is None:
        return ValueRow("Drawdown", "—")
    if limit is None:
        return ValueRow("Drawdown", f"{100 * bot.drawdown:.1f}%")
    role = "bad" if bot.drawdown >= limit else "warn" if bot.drawdown >= limit / 2 else "tx1"
    return ValueRow("Drawdown stop", f"{100 * bot.drawdown:.1f} of {100 * limit:.1f}%", role=role)


def _exits(held: Holding | None, tape: BotTape, charted: Charted) -> tuple[ValueRow, ...]:
    conduct, side = charted.conduct, held.side if held is not None else 1
    rows = []
    for name, share, sign in (("Stop-loss", conduct.stop, -side), ("Target", conduct.target, side)):
        if share is not None:
            told = f"{signed(100 * sign * share, 1)}%"
            level = _priced(held.entry * (1 + sign * share), tape) if held is not None else ""
            rows.append(ValueRow(name, f"{level} ({told})" if level else f"{told} from the entry"))
    if conduct.trailing is not None:
        best = "high" if side > 0 else "low"
        rows.append(ValueRow("Trailing stop", f"{signed(-100 * side * conduct.trailing, 1)}% from the {best}"))
    if conduct.stop is None and conduct.trailing is None:
        rows.append(ValueRow("Stop-loss", "none in the strategy"))
    rows.append(ValueRow("Cool-down", counted(conduct.cool_down, "bar") if conduct.cool_down else "none"))
    rows.append(ValueRow("Size", conduct.sizing))
    return tuple(rows)


def _stops(tape: BotTape, held: Holding | None) -> tuple[ValueRow, ...]:
    """What rests at the exchange to sell what is held; of how much, where that is not all but what cannot be sold."""
    base = tape.market.partition("/")[0]
    rows = []
    for each in (order for order in tape.open if order.stop):
        whole = held is not None and each.quantity >= 0.99 * held.quantity
        part = "" if whole else f" for {number_text(each.quantity, _DIGITS)} {base}"
        rows.append(ValueRow("Stop resting", f"{_priced(each.price, tape)}{part}"))
    return tuple(rows) or ((ValueRow("Stop resting", "none", role="warn"),) if held is not None else ())


def _money(tape: BotTape, worth: float) -> tuple[ValueRow, ...]:
    """The bot's capital, what its trades brought, and what is held would bring at the newest close."""
    open_ = worth - tape.capital - tape.realised
    return (
        ValueRow("Capital", _priced(tape.capital, tape)),
        ValueRow("Equity", _priced(worth, tape)),
        ValueRow("Result", f"{signed(100 * (worth / tape.capital - 1))}% after fees"),
        ValueRow("Realised", _priced(tape.realised, tape)),
        ValueRow("Not realised", _priced(open_, tape)),
    )


def _conduct(charted: Charted) -> tuple[ValueRow, ...]:
    """What its strategy limits, beside what rests at the exchange already."""
    conduct = charted.conduct
    rows: list[ValueRow] = []
    if conduct.target is not None:
        rows.append(ValueRow("Target", f"{signed(100 * conduct.target, 1)}% from the entry"))
    if conduct.trailing is not None:
        rows.append(ValueRow("Trailing stop", f"{signed(-100 * conduct.trailing, 1)}% from the high"))
    rows.append(ValueRow("Cool-down", counted(conduct.cool_down, "bar") if conduct.cool_down else "none"))
    return (*rows, ValueRow("Size", conduct.sizing))


def _priced(value: float, tape: BotTape) -> str:
    """With the currency that it is in."""
    return f"{number_text(value, _DIGITS)} {tape.market.partition('/')[2]}".replace("-", "−")
