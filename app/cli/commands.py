"""The commands: where each is parsed and run, its line in the help, and what its JSON document holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_PROCESSES = (
    "running, processes[{name,service,state,because,by,since,until,doing,progress,restarts,needs_you,amiss,"
    "parameters[{name,value,origin}],kind}]"
)
_DECISIONS = (
    "decisions[{id,at,kind,what,by,process,because,evidence,verdict,why,outcome,expires,undoable,undo_held,fields}]"
)
_ACCOUNT = "account{mode,latches[{guard,scope,why,since}]}"
_PAPER = "paper_bots, paper_has_older, paper_amiss; with --paper what is on paper alone"


@dataclass(frozen=True)
class Entry:
    """A command: the module under ``app.cli`` that parses and runs it, its line in the help, and its JSON keys.

    One without a line is hidden.
    """

    module: str
    help: str
    keys: str

    @property
    def shown(self) -> dict[str, Any]:
        """What the help is told of it."""
        return {"help": self.help} if self.help else {}


COMMANDS = {
    "run": Entry(
        "run",
        "the dashboard; with --headless everything but the window",
        "with --headless, at its end, processes[{name,service,state,runs,restarts}], events, decisions, flushed",
    ),
    "ps": Entry(
        "asking",
        "the processes and how they stand",
        f"{_PROCESSES}, alerts[{{at,what,about}}]; with NAME also "
        "runs[{process,epoch,why,started,ended,result,detail,seconds,traceback}]",
    ),
    "pause": Entry("telling", "hold a process at its next checkpoint", _PROCESSES),
    "resume": Entry("telling", "let a process go on", _PROCESSES),
    "cancel": Entry("telling", "end a process's runs; its schedule stays", _PROCESSES),
    "run-now": Entry("telling", "start a run now, with parameters for this run alone", _PROCESSES),
    "skip-next": Entry("telling", "leave out the next scheduled run", _PROCESSES),
    "set": Entry("telling", "change a process's parameters", f"parameters, {_PROCESSES}"),
    "kill": Entry("telling", "end a process's interpreter as a fault would; the watchdog heals it", _PROCESSES),
    "fault": Entry("telling", "", _PROCESSES),
    "stop-trading": Entry(
        "stop_trading",
        "end and pause every trading process, cancel our orders, sell our positions",
        "running, asked_to_end, held, held_live, account, cancelled[{bot,market,order,role}], "
        "closed[{bot,market,quantity,price}], remaining[{bot,market,what}], dust, unasked, amiss, since, ended",
    ),
    "positions": Entry(
        "account_shown",
        "what your bots hold at the exchange and on paper, and the stop of each",
        f"positions[{{account,bot,market,quantity,open,leaving,stops[{{quantity,trigger,state}}]}}], {_ACCOUNT}, "
        "exchange{unasked,offset_seconds,weight_used,weight_most,asks_again,pause} of the program that keeps it, "
        f"exchange_amiss, paper[{{account,bot,market,quantity,open,leaving,stops[…],target,candles}}], {_PAPER}",
    ),
    "orders": Entry(
        "account_shown",
        "your bots' orders at the exchange and on paper",
        f"orders[{{account,id,bot,market,role,side,quantity,filled,price,trigger,state,since,deadline,why}}], "
        f"{_ACCOUNT}, paper[{{account,id,bot,…,candles}}], {_PAPER}",
    ),
    "fills": Entry(
        "account_shown",
        "what your bots have traded; --csv for a spreadsheet or tax program",
        f"fills[{{account,time,market,side,price,amount,fee,fee_currency,bot,trade_id,order_id,id}}], {_ACCOUNT}, "
        f"paper[{{account,time,market,side,price,amount,fee,fee_currency,bot,id,candle,candles}}], {_PAPER}",
    ),
    "close": Entry(
        "account_told",
        "sell what a bot holds, at the exchange or on paper",
        "bot, markets, paper, paused, stays, unasked",
    ),
    "reconcile": Entry("account_told", "bring ledger and exchange to one, now", "orders, positions"),
    "resolve": Entry("account_told", "say whether an order that is unknown arrived", "order, state"),
    "arm": Entry("account_told", "let real money be traded on the exchange account", "armed, know"),
    "disarm": Entry("account_told", "buy nothing with real money any more", "armed"),
    "process": Entry(
        "process",
        "add a script, project or strategy as a process, or remove one",
        f"name, path, added or removed, {_PROCESSES}",
    ),
    "customise": Entry(
        "customise",
        "a rule, strategy or campaign that comes with Dreamscape, as a file of your own",
        "name, path; without FILE, defaults[…]",
    ),
    "inbox": Entry(
        "asking",
        "what waits for you",
        "items[{id,at,kind,what,by,process,because,evidence,verdict,why,outcome,undoable,undo_held,expires,"
        f"snoozed_until,answers,group,word}}], to_approve, to_look_at, snoozed; with ID {_DECISIONS}",
    ),
    "approve": Entry("deciding", "carry out what waits", _DECISIONS),
    "edit": Entry("deciding", "change the draft that waits, then carry it out", _DECISIONS),
    "look-again": Entry("deciding", "look whether what was found is still so", _DECISIONS),
    "reject": Entry("deciding", "decline what waits", _DECISIONS),
    "snooze": Entry("deciding", "put off what waits: it comes back by itself", f"{_DECISIONS[:-2]},snoozed_until}}]"),
    "wake": Entry("deciding", "bring back at once what was put off", _DECISIONS),
    "undo": Entry("deciding", "take back what was done", _DECISIONS),
    "settle": Entry("deciding", "say what came of an act that nobody could tell", _DECISIONS),
    "decisions": Entry(
        "asking",
        "what was done, by whom and why",
        "decisions[{id,at,kind,what,by,process,because,evidence,verdict,why,outcome,undoable,undo_held,changes}], "
        "matching, older, total; with ID also fields",
    ),
    "rules": Entry(
        "asking",
        "the rules, and how each stands for what it watches",
        "rules[{rule,metric,condition,unheard,undone,"
        "subjects[{each,state,since,because,latched,cooling_until}]}], mistakes",
    ),
    "rearm": Entry(
        "rearm", "let a rule or guard that stopped something fire again, as the drawdown stop", "rule, each"
    ),
    "logs": Entry("logs", "the log's last lines", "lines[{at,level,process,text}]"),
    "backtest": Entry(
        "backtest",
        "one strategy over one file of candles",
        "strategy, data, first, last, bars, gaps, conventions, capital, final_equity, total_return, max_drawdown, "
        "sharpe, …, undefined{FIGURE: why}, trades, fills[{time,side,quantity,price,fee,because,evidence}], "
        "round_trips, posts{source,heard}; compared sentiment{verdict,mean,low,high,confidence,method,without}",
    ),
    "walk-forward": Entry(
        "walk_forward",
        "choose parameters on past bars, measure them on the bars after",
        "strategy, market, data, bars, anchored, embargo_bars, windows[{train,test,parameters,in_sample,out_of_sample,"
        "champion}], out_of_sample{…, deflated_sharpe, equity[{time,equity,champion}]}, trials{counted,market}, "
        "against_champion{mean,low,high,noise}, challenger, engine, posts, notes[…]",
    ),
    "schema": Entry(
        "schema",
        "the form of a strategy, of rules or of a campaign as JSON Schema, for editors",
        "$schema, title, properties, $defs; with --out only path",
    ),
    "promote": Entry("promote", "say yes to the promotion that waits for a strategy", _DECISIONS),
    "demote": Entry("promote", "take a strategy's last promotion back", _DECISIONS),
    "sweep": Entry(
        "sweep",
        "one strategy with many values of its numbers, over one file",
        "strategy, data, bars, engine, not_compiled[…], grid{KEY: […]}, combinations, trials, left_out{WHY: number}, "
        "by, posts, notes[…], tried_so_far, stopped, "
        "results[{parameters{…},final_equity,total_return,max_drawdown,sharpe,trades,…}], the best first",
    ),
    "quit": Entry("quit", "end the running instance", "quit, ended, pid; where it ran, open, paused"),
    "screenshot": Entry("screenshot", "a page of the real window as a picture", "page, path"),
    "config": Entry(
        "config",
        "the settings in force, and where each came from",
        "home{path,from}, environment{name,because}, keyring{usable,status}, settings{…{value,from,takes_effect}}, "
        "mistakes[{what,where,mend}]; set-secret has kept, in",
    ),
    "backup": Entry("keeping", "a checked copy of the store", "path, bytes"),
    "restore": Entry(
        "keeping", "put a backup in the store's place, with Dreamscape ended; what stood there is kept", "path, kept"
    ),
    "export": Entry("keeping", "the store as JSON lines", "path, rows, tables{…}"),
    "import": Entry(
        "keeping",
        "an export into an empty store, or an old learning_db.json, with Dreamscape ended",
        "rows, and tables{…} or learners{…} with not_understood",
    ),
}
