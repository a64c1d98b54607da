"""A mistake in the file of a bot that trades at the exchange keeps the last good version."""

from services.core.process import State
from tests.app.wiring.own_files.test_live_bots import BOUGHT, STRATEGY, buying, exchange, standing  # noqa: F401
from tests.support.exchange.loopback import Loopback
from tests.support.own import Mine


def test_it_trades_on_by_its_last_good_version(mine: Mine, exchange: Loopback) -> None:  # noqa: F811
    buying(mine, exchange)
    taken = mine.home.taken / "strategies" / "trading" / "eager.yaml"
    assert mine.unit("live").plan.parameters["strategy"] == str(taken)
    mine.write("strategies/trading/eager.yaml", STRATEGY.replace("enter: 0.01", "enter: 5"))
    mine.until(mine.mistaken, "the mistake is shown")
    assert taken.read_text() == STRATEGY
    assert mine.unit("live").state is State.RUNNING
    mine.stop()
    mine.start()
    mine.sees("live", State.RUNNING)
    assert standing(exchange) == BOUGHT
