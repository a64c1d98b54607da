"""What is traded on paper stands beside what is at the exchange, and is never taken for money."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.cli.main import main
from app.control.answers import Answers
from app.control.lock import HomeLock
from app.control.server import ControlServer
from app.paths import Home
from app.settings.load import load
from app.settings.model import Trading
from app.wiring.account import account_of
from app.wiring.paper_closing import obey_paper_closing
from app.wiring.projections import all_projections
from services.core.clock import SystemClock
from services.trading.desk.entering import Enter
from services.trading.desk.ledger import Ledger
from services.trading.generated import generate
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from services.trading.tape import BotTape, TradingTapes
from tests.support.candles import BAR, save_candles
from tests.support.exchange.loopback import KEY, SECRET, loopback
from tests.support.manual_clock import ManualClock
from tests.support.program import Program
from tests.support.strategies import strategy_text

Told = Callable[..., dict[str, Any]]


@pytest.fixture
def trading(home: Home, clock: ManualClock, tmp_path: Path) -> Iterator[Program]:
    """A program with a bot that replays candles, and holds something on paper since its second purchase."""
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", stop={"percent": 2}, target={"percent": 4}))
    save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 400))
    program = Program(home.root, clock, {PlaceOrder: PlaceOnPaper(home.paper)}).open(all_projections())
    parameters = {"strategy": str(tmp_path / "s.yaml"), "data": str(tmp_path), "speed": 20}
    program.start(ReplayTrader, "replay", parameters=parameters)
    while not holds(program) or holds(program) == "1/0":
        program.advance(0.05)
    program.pause("replay")  # time passes while a program ends, and it would go on
    yield program
    if program.engine.loop.running:
        program.close()


def holds(program: Program) -> str:
    """What it holds, once it has begun."""
    return next((each.position for each in program.engine.view.value(TradingTapes)), "")


def tape(program: Program) -> BotTape:
    (found,) = program.engine.view.value(TradingTapes)
    assert isinstance(found, BotTape)
    return found


@pytest.fixture
def told(home: Home, capsys: pytest.CaptureFixture[str]) -> Told:
    """Runs a command with --json; gives its document."""

    def run(*words: str) -> dict[str, Any]:
        assert main(["--home", str(home.root), "--json", *words]) == 0
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    return run


@pytest.fixture
def printed(home: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command for people; gives what it printed."""

    def run(*words: str) -> str:
        assert main(["--home", str(home.root), *words]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def account(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange account that was kept, and of which nothing is held."""
    for name, value in (("EXCHANGE", "binance"), ("API_KEY", "key"), ("API_SECRET", "secret")):
        monkeypatch.setenv(f"DREAMSCAPE_TRADING__{name}", value)
    kept = account_of(
        home, Trading(exchange="binance", api_key=SecretStr("key"), api_secret=SecretStr("secret")), SystemClock()
    )
    assert kept is not None
    Ledger(kept.ledger).close()


def test_what_a_bot_holds_on_paper_is_told_as_that_whether_a_program_runs_or_not(
    home: Home, trading: Program, told: Told
) -> None:
    newest = tape(trading).account
    assert newest is not None
    with HomeLock(home) as lock, closing(ControlServer(lock, Answers(trading.engine, home)).start()):
        running = told("positions")
    trading.close()
    at_rest = told("positions")
    assert running == at_rest
    assert (running["account"], running["positions"], running["paper_bots"]) == (None, [], ["replay"])
    (row,) = running["paper"]
    assert (row["account"], row["bot"], row["candles"]) == ("paper", "replay", "recorded: c.csv")
    assert (float(row["quantity"]), row["open"], row["leaving"]) == (newest.held, True, False)
    (stop,) = row["stops"]
    assert float(stop["trigger"]) == pytest.approx(newest.price * 0.98, rel=1e-6)
    assert float(row["target"]) == pytest.approx(newest.price * 1.04, rel=1e-6)


def test_people_read_it_under_a_heading_that_says_what_money_it_is(
    trading: Program, printed: Callable[..., str]
) -> None:
    lines = printed("positions").splitlines()
    assert lines[:2] == ["No exchange account has been kept here.", "On paper, with play money:"]
    assert "recorded: c.csv" in lines[3]
    assert printed("positions", "--paper").splitlines() == lines[1:]


def test_its_orders_are_the_levels_that_bars_are_watched_for_and_with_all_what_was_filled(
    trading: Program, told: Told, printed: Callable[..., str]
) -> None:
    document = told("orders")
    assert document["orders"] == []
    assert [(row["account"], row["role"], row["side"], row["state"]) for row in document["paper"]] == [
        ("paper", "stop", "sell", "watched"),
        ("paper", "target", "sell", "watched"),
    ]
    everything = told("orders", "--all")["paper"]
    assert [row["side"] for row in everything if row["state"] == "filled"] == ["buy", "sell", "buy"]
    assert {row["filled"] for row in everything if row["state"] == "watched"} == {"0"}
    assert "watched" in printed("orders")


def test_fills_for_the_tax_are_those_of_real_money_alone_unless_paper_is_asked_for(
    account: None, trading: Program, told: Told, printed: Callable[..., str]
) -> None:
    assert len(told("fills")["paper"]) == 3
    real = list(csv.DictReader(io.StringIO(printed("fills", "--csv"))))
    assert real == []
    paper = list(csv.DictReader(io.StringIO(printed("fills", "--csv", "--paper"))))
    assert [(row["account"], row["bot"], row["side"]) for row in paper] == [
        ("paper", "replay", side) for side in ("buy", "sell", "buy")
    ]
    assert [float(row["price"]) for row in paper] == [row.price for row in tape(trading).of_session]
    assert {row["fee_currency"] for row in paper} == {"BTC"}
    lines = printed("fills").splitlines()
    assert lines[:2] == ["Nothing has been traded at the exchange yet.", "On paper, with play money:"]


def test_of_many_fills_on_paper_the_newest_are_shown_beside_and_all_are_by_themselves(
    trading: Program, told: Told, printed: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.account_shown.NEWEST", 2)
    every = told("fills", "--paper")
    assert (len(every["paper"]), every["paper_has_older"]) == (3, False)
    assert "fills" not in every
    beside = told("fills")
    assert (beside["paper"], beside["paper_has_older"]) == (every["paper"][1:], True)
    assert printed("fills").splitlines()[-1] == "'dreamscape fills --paper' has the older ones, too."


@pytest.fixture
def bought(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account at an exchange, where the bot curl has bought."""
    clock = SystemClock()
    with loopback() as exchange:
        exchange.ctl("balance", USDT="10000", BTC="0.5")
        exchange.ctl("price", symbol="BTCUSDT", price="50000")
        named = {"EXCHANGE": "binance", "API_URL": exchange.url, "API_KEY": KEY, "API_SECRET": SECRET}
        for name, value in {**named, "PLAY_MONEY": "1"}.items():
            monkeypatch.setenv(f"DREAMSCAPE_TRADING__{name}", value)
        kept = account_of(home, load(home, os.environ).settings.trading, clock)
        assert kept is not None
        with kept.opened(clock) as desk:
            desk.round()
            desk.allot("curl", "USDT", Decimal(1000))
            desk.enter(Enter("curl", "BTC/USDT", "09:00", Decimal(400), Decimal(47500)))
            desk.round()


def test_what_is_at_the_exchange_and_what_is_on_paper_are_never_in_one_list(
    bought: None, trading: Program, told: Told, printed: Callable[..., str]
) -> None:
    for command in ("positions", "orders", "fills"):
        document = told(command)
        assert {(row["account"], row["bot"]) for row in document[command]} == {("exchange", "curl")}
        assert {(row["account"], row["bot"]) for row in document["paper"]} == {("paper", "replay")}
        above, _, below = printed(command).partition("On paper, with play money:\n")
        assert above.startswith("At the exchange:\n")
        assert ("curl" in above, "replay" in above) == (True, False)
        assert ("curl" in below, "replay" in below) == (False, True)
    assert [row["bot"] for row in csv.DictReader(io.StringIO(printed("fills", "--csv")))] == ["curl"]


def test_what_is_at_the_exchange_is_told_also_where_paper_cannot_be(
    account: None, home: Home, told: Told, printed: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    home.store.write_bytes(b"no store at all, and long enough to be looked at")
    assert told("positions")["paper_amiss"].startswith(f"{home.store}: the store cannot be read")
    assert "What is on paper cannot be told: " in printed("positions")
    assert main(["--home", str(home.root), "positions", "--paper"]) == 2
    assert capsys.readouterr().err.startswith(f"{home.store}: the store cannot be read")


def test_what_a_process_held_that_is_gone_nobody_holds_and_what_it_traded_stays(
    home: Home, trading: Program, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    trading.engine.ask(lambda: trading.engine.orchestrator.remove("replay", "user"))
    trading.advance(1)
    assert main(["--home", str(home.root), "positions", "--paper"]) == 2
    assert "no bot trades on paper here" in capsys.readouterr().err
    assert len(told("fills", "--paper")["paper"]) == 3


def test_to_close_it_on_a_market_that_it_does_not_hold_is_refused(
    home: Home, trading: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    obey_paper_closing(trading.engine)
    with HomeLock(home) as lock, closing(ControlServer(lock, Answers(trading.engine, home)).start()):
        assert main(["--home", str(home.root), "close", "replay", "BTC/USDT"]) == 2
    told = capsys.readouterr().err
    assert told == "Nothing of BTC/USDT is held on paper by replay, which holds ETH/BTC.\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["positions"], "no exchange account has been kept here, and no bot trades on paper"),
        (["orders", "--paper"], "no bot trades on paper here"),
        (["fills", "--csv"], "no exchange account has been kept here. Name the exchange"),
        (["fills", "--csv", "--json"], "--csv and --json are two forms of the same"),
    ],
)
def test_where_nobody_has_traded_it_is_said_and_how_one_does(
    words: list[str], why: str, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home.root), *words]) == 2
    assert why in capsys.readouterr().err
    assert not home.store.exists()


def test_an_account_that_the_settings_name_no_more_is_not_passed_over(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.accounts.mkdir()
    (home.accounts / "binance-key.db").touch()
    assert main(["--home", str(home.root), "positions"]) == 2
    told = "the settings name none of the exchange accounts that were kept here (binance-key)"
    assert told in capsys.readouterr().err
