"""What the bot has at stake: its position, its stop, how far it has fallen, and what limits it."""

from __future__ import annotations

import re

from services.core.projections.views import View
from services.core.rules.standings import RuleStandings, RulesValue
from services.core.words import counted, number_text
from services.trading.chart.charted import Charted
from services.trading.tape import BotTape, TapeRow
from widgets.parts.text.times import signed
from widgets.states.trading.bots import BotState
from widgets.states.trading.decision import ValueRow

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
    worth = _equity(bot, tape, price)
    return (
        *_position(tape, price, worth),
        ValueRow("Equity", _priced(worth, tape)),
        ValueRow("Result", f"{signed(100 * (worth / tape.capital - 1))}% after fees"),
        _drawdown(bot, view),
        *(_exits(tape, charted) if charted is not None else ()),
    )


def risk_note(view: View, bot: BotState) -> str:
    """How many rules guard the bot's drawdown."""
    rules: RulesValue = view.value(RuleStandings)
    guards = [rule for rule, _each in rules.of(bot.choice.name)]
    return f"{counted(len(guards), 'rule')} watching" if guards else "paper account"


def _position(tape: BotTape, price: float | None, equity: float) -> tuple[ValueRow, ...]:
    account = tape.account
    if account is None or account.held <= 0:
        return (ValueRow("Position", "none: in cash"), ValueRow("Entry", "—"), ValueRow("Since entry", "—"))
    base = tape.market.partition("/")[0]
    told = f"{number_text(account.held, _DIGITS)} {base}"
    if price:
        told += f" · {100 * account.held * price / equity:.1f}%"
    rows = [ValueRow("Position", told)]
    if price and (bought := _entry(tape)):
        change = 100 * (price / bought.price - 1)
        role = "ok" if change >= 0 else "bad"
        rows.append(ValueRow("Entry", _priced(bought.price, tape)))
        rows.append(ValueRow("Since entry", f"{signed(change)}%", role=role))
    return tuple(rows)


def _entry(tape: BotTape) -> TapeRow | None:
    return next((row for row in reversed(tape.of_session) if str(row.side) == "buy"), None)


def _equity(bot: BotState, tape: BotTape, price: float | None) -> float:
    """At the newest known close; without candles as it was last told."""
    account = tape.account
    if account is None:
        return bot.equity or tape.capital
    return account.cash + account.held * price if price is not None else bot.equity or account.equity


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


def _exits(tape: BotTape, charted: Charted) -> tuple[ValueRow, ...]:
    conduct, bought, account = charted.conduct, _entry(tape), tape.account
    holds = account is not None and account.held > 0 and bought is not None
    rows = []
    for name, share, sign in (("Stop-loss", conduct.stop, -1), ("Target", conduct.target, 1)):
        if share is not None:
            told = f"{signed(100 * sign * share, 1)}%"
            level = _priced(bought.price * (1 + sign * share), tape) if holds and bought else ""
            rows.append(ValueRow(name, f"{level} ({told})" if level else f"{told} from the entry"))
    if conduct.trailing is not None:
        rows.append(ValueRow("Trailing stop", f"{signed(-100 * conduct.trailing, 1)}% from the high"))
    if conduct.stop is None and conduct.trailing is None:
        rows.append(ValueRow("Stop-loss", "none in the strategy"))
    rows.append(ValueRow("Cool-down", counted(conduct.cool_down, "bar") if conduct.cool_down else "none"))
    rows.append(ValueRow("Size", conduct.sizing))
    return tuple(rows)


def _priced(value: float, tape: BotTape) -> str:
    """With the currency that it is in."""
    return f"{number_text(value, _DIGITS)} {tape.market.partition('/')[2]}"
