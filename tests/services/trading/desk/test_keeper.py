import errno
import io
import json
import os
import subprocess
import sys
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.core.clock import SystemClock
from services.core.effects import Refused
from services.trading.desk import shown
from services.trading.desk.asking import AskDesk, EnterPosition, LeavePosition
from services.trading.desk.commands import (
    ArmAccount,
    ClosePosition,
    DisarmAccount,
    Obeying,
    RearmGuard,
    ResolveOrder,
    StopAccount,
)
from services.trading.desk.desk import Opening
from services.trading.desk.door import Door
from services.trading.desk.emergency import end_holder
from services.trading.desk.events import OrderFilled, OrderInitialised
from services.trading.desk.inbox import Answered, asked_of_a_person
from services.trading.desk.keeper import Account, AccountKeeper
from services.trading.desk.lease import AccountTaken, Lease, _locked
from services.trading.desk.ledger import Ledger
from services.trading.desk.waiting import HoldNeverArrived
from services.trading.venue.arming import Wish
from services.trading.venue.rights import Rights
from tests.support.desk_facts import INSTANCE, MARKET, fill, intent
from tests.support.desks import BOT, Floor
from tests.support.host import MemoryHost, told

D = Decimal


class Serving(Door):
    """Serves in the thread of the test: what is handed over is done at once."""

    def __init__(self, floor: Floor) -> None:
        super().__init__(floor.clock, open=True)
        self._floor = floor

    def hand(self, work):  # type: ignore[no-untyped-def]
        future = super().hand(work)
        self.serve(self._floor.desk)
        return future


@pytest.fixture
def door(floor: Floor) -> Serving:
    floor.ready()
    return Serving(floor)


def enter(floor: Floor, cause: str = "09:00") -> EnterPosition:
    until = floor.clock.now().replace(hour=23)
    return EnterPosition(BOT, MARKET, cause, D(1000), D(495), D(47500), until)


def test_a_strategys_wish_is_an_effect_that_is_done_once_the_ledger_has_it(floor: Floor, door: Serving) -> None:
    handler, effect = AskDesk(door), enter(floor)
    assert not handler.look_up(effect).done
    assert handler.carry_out(effect)["quantity"] == "0.00989"
    floor.pass_seconds(1)
    assert handler.look_up(effect).done
    leave = LeavePosition(BOT, MARKET, "10:00")
    assert not handler.look_up(leave).done
    handler.carry_out(leave)
    assert handler.look_up(leave).done


def test_a_leave_is_not_done_while_an_entry_that_nothing_is_bought_of_yet_still_waits(
    floor: Floor, door: Serving
) -> None:
    handler = AskDesk(door)
    handler.carry_out(replace(enter(floor), offset=D("0.001"), reprice_after=600.0))
    leave = LeavePosition(BOT, MARKET, "10:00")
    assert not handler.look_up(leave).done
    floor.pass_seconds(1)
    assert floor.ours()
    assert not floor.owned()
    assert not handler.look_up(leave).done
    handler.carry_out(leave)
    assert handler.look_up(leave).done


def test_a_guards_refusal_reaches_the_strategy_in_words(floor: Floor, door: Serving) -> None:
    floor.desk.panic.begin("test")
    with pytest.raises(Refused, match="emergency stop"):
        AskDesk(door).carry_out(enter(floor))


def test_where_the_account_process_does_not_run_nothing_is_taken_on(floor: Floor) -> None:
    with pytest.raises(Refused, match="does not run"):
        AskDesk(Door(floor.clock)).carry_out(enter(floor))


def test_what_nobody_took_on_in_time_is_withdrawn_and_never_done(floor: Floor) -> None:
    door = Door(SystemClock(), open=True)
    done: list[str] = []
    with pytest.raises(Refused, match="in time"):
        door.ask(lambda desk: done.append("late"), patience=0.01)
    door.serve(floor.desk)
    assert done == []


def test_a_door_that_shuts_tells_all_who_still_wait_although_one_has_withdrawn(floor: Floor) -> None:
    door = Door(floor.clock, open=True)
    withdrawn, waiting = door.hand(lambda desk: 1), door.hand(lambda desk: 2)
    withdrawn.cancel()
    door.shut()
    with pytest.raises(Refused, match="has ended"):
        waiting.result(0)


def test_the_door_is_shut_before_another_may_take_the_account(floor: Floor, tmp_path: Path) -> None:
    held: list[int] = []

    class Seen(Door):
        def shut(self) -> None:
            held.append(Lease(account.lease).holder())
            super().shut()

    account = Account(tmp_path / "account.db", tmp_path / "lease", lambda: floor.venue, Opening(INSTANCE))
    MemoryHost(end_after=1).run(AccountKeeper(account, Seen(SystemClock())))
    assert held == [os.getpid()]


def asked_for(typed: str, allowed: bool = True) -> Wish:
    return Wish("binance", "", True, True, typed, allowed, "the test says so")


def test_an_account_of_real_money_buys_nothing_until_a_person_has_armed_it(floor: Floor, door: Serving) -> None:
    floor.live = True
    del floor.venue.rights
    floor.ready()
    floor.desk = floor.opened()
    floor.desk.round()
    with pytest.raises(Refused, match="not armed"):
        AskDesk(door).carry_out(enter(floor))
    obey = Obeying(door, asked_for).handlers()
    with pytest.raises(Refused, match="typing"):
        obey[ArmAccount](ArmAccount("yes"), "user").result()
    bare = Obeying(door, lambda typed: replace(asked_for(typed), unprotected=("bare",))).handlers()
    with pytest.raises(Refused, match="know that bare trades without a stop: only its score leaves a position"):
        bare[ArmAccount](ArmAccount("trade my money on binance"), "user").result()
    with pytest.raises(Refused, match="could not be read"):
        obey[ArmAccount](ArmAccount("trade my money on binance"), "user").result()
    floor.venue.rights = lambda: Rights(True, True, False, False, True)
    assert obey[ArmAccount](ArmAccount("trade my money on binance"), "user").result()["armed"]
    AskDesk(door).carry_out(enter(floor))
    floor.restart()
    assert floor.desk.book.armed is not None
    obey[DisarmAccount](DisarmAccount(), "user").result()
    with pytest.raises(Refused, match="not armed"):
        AskDesk(door).carry_out(replace(enter(floor), bot="other"))


def test_each_command_of_a_person_is_obeyed_in_the_accounts_thread(floor: Floor, door: Serving) -> None:
    obey = Obeying(door, asked_for).handlers()

    def tell(command):  # type: ignore[no-untyped-def]
        future: Future[Any] = obey[type(command)](command, "user")
        return future.result()

    AskDesk(door).carry_out(enter(floor))
    floor.pass_seconds(1)
    with pytest.raises(Refused, match="the account knows no bot called nope; curl holds BTC/USDT"):
        tell(ClosePosition("nope"))
    assert tell(ClosePosition(BOT))["markets"] == [MARKET]
    floor.pass_seconds(1)
    with pytest.raises(Refused, match=r"all that curl holds is 0\.00000011 BTC, too small to be sold: it waits"):
        tell(ClosePosition(BOT))
    with pytest.raises(Refused, match="nothing is held by curl on ETH/USDT; nor by any other bot"):
        tell(ClosePosition(BOT, "ETH/USDT"))
    dust = {"bot": BOT, "market": MARKET, "what": "0.00000011 BTC"}
    floor.pass_seconds(1)
    stopped = tell(StopAccount("drill"))
    assert stopped.pop("since")
    assert stopped == {"cancelled": [], "closed": [], "remaining": [], "dust": [dust]}
    with pytest.raises(Refused, match="reason"):
        tell(RearmGuard("emergency stop", " "))
    assert tell(RearmGuard("emergency stop", "all is well"))["mode"] == "active"
    with pytest.raises(Refused, match="drawdown is not closed for account; no guard is"):
        tell(RearmGuard("drawdown", "why not"))
    assert tell(DisarmAccount()) == {"armed": False, "was": False}
    with pytest.raises(Refused, match="only UNKNOWN"):
        tell(ResolveOrder("0" * 32, False, "a guess"))


def test_the_keeper_tells_the_journal_each_event_of_the_ledger_once_over_restarts(floor: Floor, tmp_path: Path) -> None:
    floor.bought()
    account = Account(tmp_path / "account.db", tmp_path / "lease", lambda: floor.venue, Opening(INSTANCE))
    host = MemoryHost(end_after=3)
    for _ in range(2):
        host.run(AccountKeeper(account, Door(SystemClock())))
    ledger = Ledger(account.ledger)
    kept = [event for _, event in ledger.read()]
    ledger.close()
    assert host.events == kept
    assert len(told(host, OrderInitialised)) == 2
    assert len(told(host, OrderFilled)) == 1


def test_an_order_that_only_a_person_can_tell_of_waits_in_the_inbox_and_their_word_settles_it(
    floor: Floor, door: Serving, tmp_path: Path
) -> None:
    floor.venue.settling, floor.venue.wrong = None, ["never"]
    floor.bought()
    host = MemoryHost(end_after=3)
    account = Account(floor.path, tmp_path / "lease", lambda: floor.venue, Opening(INSTANCE))
    host.run(AccountKeeper(account, Door(SystemClock())))
    effects = [each.effect for each in host.proposals]
    assert [type(effect) for effect in effects] == [HoldNeverArrived]
    handler = Answered(door)
    assert handler.still_holds(effects[0]) == ""
    assert handler.carry_out(effects[0]) == {"state": "rejected"}
    assert "meanwhile" in handler.still_holds(effects[0])
    assert handler.look_up(effects[0]).done


def test_a_market_whose_coins_are_short_waits_in_the_inbox(floor: Floor, door: Serving) -> None:
    floor.bought()
    floor.desk.watching.latch("balance", MARKET, "0.01 BTC are ours, and the account has 0")
    (proposal,) = asked_of_a_person(floor.desk)
    assert Answered(door).carry_out(proposal.effect) == {"symbol": MARKET}
    assert list(asked_of_a_person(floor.desk)) == []


def test_a_lease_has_one_holder_and_is_free_when_that_one_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lease"
    program = (
        "import sys; from pathlib import Path; from services.trading.desk.lease import Lease;"
        "held = Lease(Path(sys.argv[1])).take(); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AccountTaken, match=str(other.pid)):
            Lease(path).take()
        assert end_holder(Lease(path), SystemClock()) == other.pid
    with Lease(path) as ours:
        assert ours.holder() != other.pid
    assert Lease(path).holder() == 0


@pytest.mark.parametrize("signature", [{}, {"began": "long ago"}])
def test_a_process_that_was_given_the_id_of_a_former_holder_is_not_ended_for_it(
    tmp_path: Path, signature: dict[str, str]
) -> None:
    path = tmp_path / "lease"
    program = "import sys; sys.stdin.read()"
    with (
        subprocess.Popen([sys.executable, "-c", program], stdin=-1) as foreign,
        path.open("w+b") as held,
    ):
        held.write(json.dumps({"pid": foreign.pid} | signature).encode())
        held.flush()
        assert _locked(held)
        with pytest.raises(AccountTaken, match=r"process \?"):
            Lease(path).take()
        assert end_holder(Lease(path), SystemClock()) == 0
        assert foreign.poll() is None


def test_a_lease_that_cannot_be_signed_bears_the_name_of_no_former_holder(tmp_path: Path) -> None:
    class Full(io.FileIO):
        def write(self, told: object) -> int:
            raise OSError(errno.ENOSPC, "no space left on device")

    path = tmp_path / "lease"
    Lease(path).take().release()
    with Full(path, "r+") as file:
        Lease(path)._sign(file)
    assert path.read_bytes() == b""


def test_who_holds_the_account_itself_is_not_ended(tmp_path: Path) -> None:
    with Lease(tmp_path / "lease") as held:
        assert end_holder(held, SystemClock()) == 0


def test_fills_are_told_for_a_tax_program_with_all_that_it_asks_for(floor: Floor) -> None:
    desk = floor.bought()
    lines = shown.as_csv(shown.fills(desk.book)).splitlines()
    assert lines[0] == "time,market,side,price,amount,fee,fee_currency,bot,trade_id,order_id,id"
    assert lines[1].startswith("2026-03-02T09:00:00+00:00,BTC/USDT,buy,50000.01,0.00989,0.00000989,BTC,curl,1,")
    assert shown.positions(desk.book)[0]["stops"][0]["quantity"] == "0.00988"
    assert [row["role"] for row in shown.orders(desk.book)] == ["stop"]
    assert shown.guards(desk.book) == {"mode": "active", "latches": []}


def test_a_ledger_that_is_no_database_is_told_with_its_mend(tmp_path: Path) -> None:
    from services.trading.desk.ledger import LedgerUnusable

    path = tmp_path / "account.db"
    path.write_text("this is no ledger, whatever it is called: it is far too much of a letter" * 20)
    with pytest.raises(LedgerUnusable, match="move it away"):
        Ledger(path)


def test_all_events_of_one_write_are_kept_or_none(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "account.db")
    bought = intent()
    ledger.append(bought, fill(bought, "1", "0.01"), kept={"peak": "1"})
    assert [type(event) for _, event in ledger.read()] == [OrderInitialised, OrderFilled]
    assert ledger.kept("peak") == "1"
    ledger.close()


def test_a_holder_that_ends_by_itself_just_before_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    lease, asked = Lease(tmp_path / "a.lease"), iter([gone.pid])
    monkeypatch.setattr(lease, "holder", lambda: next(asked, 0))
    assert end_holder(lease, SystemClock()) == gone.pid
