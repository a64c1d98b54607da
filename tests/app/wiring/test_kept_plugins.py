"""Where the program keeps the versions of plug-ins by which bots trade at the exchange."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from app.paths import Home
from app.settings.model import Trading
from app.wiring.live_markets import live_markets
from services.core.clock import SystemClock
from services.core.yamlfile import parse_model
from services.trading.strategy import Strategy
from services.trading.venue.limiter import Limiters
from tests.support.strategies import strategy_text

FOREIGN = strategy_text(
    macd=None, entry=None, enter=0.5, exit=-0.5, terms={"mine": {"kind": "plugin", "file": "mine.py", "weight": 1}}
)


def test_beside_the_accounts_ledgers_each_under_its_sha_256_and_none_is_forgotten(tmp_path: Path) -> None:
    home, clock = Home(tmp_path / "home", "a test").create(), SystemClock()
    markets = live_markets(home, Trading(exchange="binance"), clock, Limiters(clock))
    assert markets is not None
    assert markets.plugins is not None
    plugins = replace(markets.plugins, approved=lambda file: sha256((home.plugins / file).read_bytes()).hexdigest())
    strategy = parse_model(FOREIGN, Strategy, "test.yaml")
    home.plugins.mkdir(exist_ok=True)
    texts = ["def term(bars): return []\n", "def term(bars): return [1.0]\n"]
    for text in texts:
        (home.plugins / "mine.py").write_text(text)
        plugins.keep(strategy)
    kept = {path.stem: path.read_text() for path in (home.accounts / "plugins").iterdir()}
    assert kept == {sha256(text.encode()).hexdigest(): text for text in texts}
