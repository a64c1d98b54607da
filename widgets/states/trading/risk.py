"""What the bot has at stake: its position, its stop, how far it has fallen, and what limits it."""

from __future__ import annotations

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


def risk_rows(bot: BotState, charted: Charted | None, view: View) -> tuple[ValueRow, ...]:
    """Figures of the moment; without candles those that the tape tells."""
    tape = bot.tape
    if tape is None:
        return ()
    price = charted.bars.closes[-1] if charted is not None and charted.count else None
    return (
        *_position(tape, price, bot.equity),
        ValueRow("Equity", f"{_money(_equity(bot, tape, price))} {_quote(tape)}"),
        ValueRow("Result", f"{bot.choice.told or '—'} after fees"),
        _drawdown(bot, view),
        *(_exits(tape, charted) if charted is not None else ()),
    )


def risk_note(view: View, bot: BotState) -> str:
    """How many rules guard the bot's drawdown."""
    rules: RulesValue = view.value(RuleStandings)
    guards = [rule for rule, _each in rules.of(bot.choice.name)]
    return f"{counted(len(guards), 'rule')} watching" if guards else "paper account"


def _position(tape: BotTape, price: float | None, equity: float | None) -> tuple[ValueRow, ...]:
    account = tape.account
    if account is None or account.held <= 0:
        return (ValueRow("Position", "none: in cash"),)
    base = tape.market.partition("/")[0]
    told = f"{number_text(account.held, _DIGITS)} {base}"
    if price and equity:
        told += f" · {100 * account.held * price / equity:.1f}%"
    rows = [ValueRow("Position", told)]
    if price and (bought := _entry(tape)):
        change = 100 * (price / bought.price - 1)
        role = "ok" if change >= 0 else "bad"
        rows.append(ValueRow("Since entry", f"{signed(change)}% from {number_text(bought.price, _DIGITS)}", role=role))
    return tuple(rows)


def _entry(tape: BotTape) -> TapeRow | None:
    return next((row for row in reversed(tape.of_session) if str(row.side) == "buy"), None)


def _equity(bot: BotState, tape: BotTape, price: float | None) -> float:
    account = tape.account
    if account is not None and price is not None:
        return account.cash + account.held * price
    return bot.equity or (account.equity if account is not None else tape.capital)


def _drawdown(bot: BotState, view: View) -> ValueRow:
    rules: RulesValue = view.value(RuleStandings)
    limit = next((rule.read.condition for rule, _ in rules.of(bot.choice.name) if rule.read.metric == _METRIC), "")
    if bot.drawdown is None:
        return ValueRow("Drawdown", "—")
    return ValueRow("Drawdown", f"{100 * bot.drawdown:.1f}%" + (f" · {limit}" if limit else ""))


def _exits(tape: BotTape, charted: Charted) -> tuple[ValueRow, ...]:
    conduct, bought, account = charted.conduct, _entry(tape), tape.account
    holds = account is not None and account.held > 0 and bought is not None
    rows = []
    for name, share, sign in (("Stop-loss", conduct.stop, -1), ("Target", conduct.target, 1)):
        if share is not None:
            level = f"{number_text(bought.price * (1 + sign * share), _DIGITS)} " if holds and bought else ""
            rows.append(ValueRow(name, f"{level}({signed(100 * sign * share, 1)}%)"))
    if conduct.trailing is not None:
        rows.append(ValueRow("Trailing stop", f"{signed(-100 * conduct.trailing, 1)}% from the high"))
    if conduct.stop is None and conduct.trailing is None:
        rows.append(ValueRow("Stop-loss", "none in the strategy"))
    rows.append(ValueRow("Cool-down", counted(conduct.cool_down, "bar") if conduct.cool_down else "none"))
    rows.append(ValueRow("Size", conduct.sizing))
    return tuple(rows)


def _money(value: float) -> str:
    return number_text(value, _DIGITS)


def _quote(tape: BotTape) -> str:
    return tape.market.partition("/")[2]
