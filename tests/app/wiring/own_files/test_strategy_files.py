"""A strategy is edited while it trades: sound, it takes effect; mistaken, the last good version trades on."""

from services.core.process import State
from services.orchestrator.commands import KillProcess
from services.trading.events import SessionStarted
from tests.support.own import Mine
from tests.support.strategies import DEFAULT, strategy_text

CAMPAIGN = DEFAULT.parents[1] / "engagement" / "build-in-public.yaml"
FILE = "strategies/trading/mine.yaml"


def sessions(mine: Mine) -> list[SessionStarted]:
    return mine.events(SessionStarted)


def test_an_edited_strategy_trades_on_by_its_new_version(mine: Mine) -> None:
    mine.write(FILE, strategy_text(name="mine", data="generated"))
    mine.start()
    mine.sees("mine", State.RUNNING)
    mine.until(lambda: sessions(mine), "it trades")
    mine.write(FILE, strategy_text(name="mine", data="generated", capital=7))
    mine.until(lambda: len(sessions(mine)) == 2, "it trades by the new version")
    assert [session.capital for session in sessions(mine)] == [1, 7]
    assert [event.why for event in mine.begun()][1] == "mine.yaml changed"


def test_capital_and_speed_of_the_settings_stand_over_every_strategys_own(mine: Mine) -> None:
    mine.write(FILE, strategy_text(name="mine", data="generated"))
    mine.write("settings.toml", "[trading]\npaper_capital = 7\nspeed = 500\n")
    mine.start()
    mine.until(lambda: [each.capital for each in sessions(mine) if each.strategy == "mine"] == [7], "it has as much")
    assert mine.unit("mine").plan.parameters["speed"] == 500
    mine.write("settings.toml", "[trading]\n")
    mine.until(lambda: [each.capital for each in sessions(mine) if each.strategy == "mine"] == [7, 1], "its own again")
    assert "speed" not in mine.unit("mine").plan.parameters


def test_a_mistake_keeps_the_last_good_version_trading_even_when_it_is_killed(mine: Mine) -> None:
    mine.write(FILE, strategy_text(name="mine", data="generated"))
    mine.start()
    mine.until(lambda: sessions(mine), "it trades")
    mine.sees("mine", State.RUNNING)
    path = mine.write(FILE, strategy_text(name="mine", data="generated", capital=-1))
    (shown,) = mine.until(mine.mistaken, "the mistake is shown")
    line = path.read_text().splitlines().index("capital: -1") + 1
    assert str(shown.mistakes[0]).startswith(f"{path}:{line}:10: capital is -1. It should be greater than 0")
    assert mine.unit("mine").state is State.RUNNING
    mine.tell(KillProcess("mine"))
    mine.until(lambda: mine.ended(), "the run has died")
    mine.sees("mine", State.RUNNING)
    assert [session.capital for session in sessions(mine)] == [1]
    assert mine.mistaken()


def test_a_campaign_that_is_added_while_the_program_runs_needs_no_code(mine: Mine) -> None:
    mine.start()
    mine.write("strategies/engagement/devlog.yaml", CAMPAIGN.read_text().replace("build-in-public", "devlog", 1))
    mine.sees("devlog", State.RUNNING)


def test_a_whole_folder_that_is_put_in_place_at_once_is_seen(mine: Mine) -> None:
    mine.start()
    apart = mine.home.root / "elsewhere"
    apart.mkdir()
    (apart / "devlog.yaml").write_text(CAMPAIGN.read_text().replace("build-in-public", "devlog", 1))
    apart.rename(mine.home.strategies / "engagement")
    mine.sees("devlog", State.RUNNING)


def test_one_more_process_of_a_strategy_has_its_candles_and_its_last_good_version(mine: Mine) -> None:
    path = mine.write(FILE, strategy_text(name="mine", data="generated"))
    mine.write("processes/more.yaml", f"kind: trading.replay\nwith: {{strategy: '{path}'}}\n")
    mine.write("settings.toml", f"[trading]\ndata = '{mine.home.root}'\n")
    mine.start()
    mine.sees("more", State.RUNNING)
    assert mine.unit("more").plan.parameters["data"] == mine.unit("mine").plan.parameters["data"]
    mine.write(FILE, strategy_text(name="mine", data="generated", capital=-1))
    mine.until(mine.mistaken, "the mistake is shown")
    mine.stop()
    mine.start()
    mine.until(lambda: len(mine.begun()) == 4, "both trade again")
    mine.sees("more", State.RUNNING)
    mine.write(FILE, strategy_text(name="mine", data="generated", capital=7))
    mine.until(lambda: [each.capital for each in sessions(mine)].count(7) == 2, "both trade by what is mended")


def test_a_strategy_that_is_traded_at_the_exchange_is_not_also_replayed_on_candles_it_never_named(mine: Mine) -> None:
    silent = "\n".join(line for line in strategy_text(name="wave").splitlines() if not line.startswith("data:"))
    mine.write("strategies/trading/wave.yaml", silent)
    mine.write("strategies/trading/tide.yaml", strategy_text(name="tide", data="generated"))
    mine.write("processes/wavelive.yaml", "kind: trading.live\nwith: {strategy: wave.yaml}\n")
    mine.write("processes/tidelive.yaml", "kind: trading.live\nwith: {strategy: tide.yaml}\n")
    mine.start()
    mine.sees("tide", State.RUNNING)
    assert mine.knows("wavelive")
    assert not mine.knows("wave"), "it says nothing of candles: generated ones would tell nothing of the bot"
