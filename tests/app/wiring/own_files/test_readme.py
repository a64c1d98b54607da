"""What the README shows to be written is taken out of it, and does what it says."""

import re
from pathlib import Path
from random import Random

import pytest

from services.core.decisions.commands import ApproveDecision
from services.core.decisions.inbox import Decisions
from services.core.process import ConfigurationFault, State
from services.orchestrator.commands import PauseProcess, RunNow, SetParameters
from services.orchestrator.events import Result, RunEnded
from services.orchestrator.triggers.trigger import Every
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.events import Filled, SessionStarted
from services.trading.generated import generate
from services.trading.social.events import PostHeard
from services.trading.strategy import load_strategy
from tests.support.exchange.loopback import loopback
from tests.support.own import Mine
from tests.support.posts import chatter, posts_of

README = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")


def shown(language: str, begins: str) -> str:
    """The one example of the README that begins so."""
    (found,) = (text for text in re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S) if begins in text)
    return found


def test_the_script_of_the_readme_is_taken_and_runs(
    mine: Mine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    folder = tmp_path / "bots" / "old"
    folder.mkdir(parents=True)
    (folder / "main.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    mine.write("processes/old.yaml", shown("yaml", "kind: script"))
    mine.start()
    (trigger,) = mine.unit("old").plan.triggers
    assert isinstance(trigger, Every)
    mine.tell(RunNow("old", {}))
    (ended,) = mine.until(lambda: [run for run in mine.events(RunEnded) if run.process == "old"], "it has run")
    assert (ended.result, (folder / "ran").exists()) == (Result.FINISHED, True)


def test_the_plugin_of_the_readme_is_taken_and_runs(mine: Mine) -> None:
    mine.write("plugins/tides.py", shown("python", "class Tides(Process):"))
    mine.write("processes/tides.yaml", shown("yaml", "kind: tides.py:Tides"))
    mine.start()
    engine = mine.running.engine
    engine.ask(engine.projections.show)
    (row,) = engine.view.value(Decisions).waiting
    mine.tell(ApproveDecision(row.id))
    mine.sees("tides", State.RUNNING)
    (run,) = mine.unit("tides").runs.values()
    mine.until(
        lambda: (run.control.progress.done, run.control.progress.doing) == (1, "Husum"), "it tells how far it is"
    )
    mine.until(lambda: engine.samples.last("tide"), "its number is rolled up")
    mine.tell(PauseProcess("tides"))
    mine.sees("tides", State.PAUSED)
    assert engine.orchestrator.records.position("tides") == {"number": 1}
    with pytest.raises(ConfigurationFault, match="every: it should be greater than or equal to 1, and is -5"):
        mine.tell(SetParameters("tides", {"every": -5}, once=False))


def test_the_strategy_of_the_readme_is_taken_and_traded(mine: Mine) -> None:
    mine.write("strategies/trading/curl-eth-btc.yaml", shown("yaml", "name: curl-eth-btc"))
    mine.start()
    mine.sees("curl-eth-btc", State.RUNNING)
    (begun,) = mine.until(
        lambda: [event for event in mine.events(SessionStarted) if event.strategy == "curl-eth-btc"], "it begins"
    )
    assert begun.market == "ETH/BTC"


def test_the_term_of_ones_own_of_the_readme_is_approved_and_its_strategy_trades_on_paper(mine: Mine) -> None:
    mine.write("plugins/surf.py", shown("python", "def term(bars)"))
    mine.write("strategies/trading/surf-eth-btc.yaml", shown("yaml", "name: surf-eth-btc"))
    mine.write("settings.toml", "[trading]\nspeed = 1000\n")
    mine.start()
    engine = mine.running.engine
    engine.ask(engine.projections.show)
    (row,) = engine.view.value(Decisions).waiting
    mine.tell(ApproveDecision(row.id))
    mine.sees("surf-eth-btc", State.RUNNING)
    filled = mine.until(lambda: mine.events(Filled), "it trades")
    assert filled[0].label == "generated"


def test_the_strategy_of_posts_of_the_readme_is_traded_where_an_exchange_is_set_and_says_so_where_none_is(
    mine: Mine,
) -> None:
    mine.write("strategies/trading/mood-eth-btc.yaml", shown("yaml", "name: mood-eth-btc"))
    mine.start()
    mine.sees("mood-eth-btc", State.FAILED, "no exchange is set, whose bars could be read")
    mine.stop()
    with loopback() as exchange:
        now = exchange.ctl("clock")["now"] // 300_000 * 300_000
        bars = {"time": now - 2000 * 300_000, "open": "0.07", "high": "0.071", "low": "0.069", "close": "0.07"}
        exchange.ctl("candles", count=2000, symbol="ETHBTC", interval="5m", volume="1", **bars)
        mine.write("settings.toml", shown("toml", "exchange =") + f'api_url = "{exchange.url}"\n')
        mine.start()
        mine.sees("mood-eth-btc", State.RUNNING)
        (begun,) = mine.until(
            lambda: [event for event in mine.events(SessionStarted) if event.strategy == "mood-eth-btc"], "it begins"
        )
        assert begun.label == f"live: binance at {exchange.url}"
        mine.stop()


def test_the_strategy_of_posts_of_the_readme_listens_and_says_what_it_heard(tmp_path: Path) -> None:
    path = tmp_path / "mood-eth-btc.yaml"
    path.write_text(shown("yaml", "name: mood-eth-btc"), encoding="utf-8")
    strategy = load_strategy(path)
    candles = generate(strategy.bar, strategy.market.tick, 300)
    result = Backtest(strategy, posts_of(chatter(candles, Random(1)))).run(Bars.of(candles), "generated")
    assert result.heard > 300
    assert {"trend", "mood", "turn", "crowd", "heard"} <= set(result.evidence[0])


def test_the_feed_of_the_readme_is_recorded(mine: Mine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "feeds").mkdir()
    line = '{"created_at": "2026-01-01T09:00:00Z", "source": "net", "author": "ann", "id": "1", "text": "ETH up"}\n'
    (tmp_path / "feeds" / "ether.jsonl").write_text(line, encoding="utf-8")
    mine.write("processes/ether-posts.yaml", shown("yaml", "kind: trading.posts"))
    mine.start()
    (post,) = mine.until(lambda: mine.events(PostHeard), "it is kept")
    assert (post.source, post.author, post.text) == ("net", "ann", "ETH up")
