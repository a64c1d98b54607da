"""A bot that trades at the loopback exchange, in the real window: seen on the Trading page, and closed there."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.runtime.desk.desk import Desk
from app.runtime.desk.market_desk import MarketDesk
from tests.app.wiring.conftest import mine  # noqa: F401
from tests.app.wiring.own_files.test_live_bots import BOUGHT, buying, exchange, standing  # noqa: F401
from tests.support.exchange.loopback import Loopback
from tests.support.own import Mine
from widgets.frame.main_window import MainWindow
from widgets.pages.trading.page import TradingPage

LONG = 30_000


@pytest.fixture
def page(qtbot: Any, mine: Mine, exchange: Loopback) -> Iterator[TradingPage]:  # noqa: F811
    """Opened on the bot, which has bought."""
    buying(mine, exchange)
    window = MainWindow()
    qtbot.addWidget(window)
    desk = Desk(mine.running, window)
    market = MarketDesk(desk)
    desk.open()
    window.resize(1440, 900)
    window.show()
    window.open_dashboard()
    desk._go_to("trading", "live")
    page = window.findChild(TradingPage)
    qtbot.waitUntil(lambda: page._known is not None and page.orders.rows.total >= 2, timeout=LONG)
    yield page
    market.close()
    desk.close()
    mine.stop()


def test_it_is_seen_with_its_candles_and_fills_and_closed_at_the_exchange_after_a_question(
    qtbot: Any,
    page: TradingPage,
    exchange: Loopback,  # noqa: F811
) -> None:
    assert page.header.market.text().startswith("1s · live: binance")
    assert page._known is not None
    assert page._known.count > 100
    assert "Up" in page.decision.facts.accessibleName()
    page.obey("trading.close")
    assert page.sure.isVisible()
    assert "the account's money" in page.sure.told.text()
    page.sure.yes.click()
    sold = ("SELL", "LIMIT", "FILLED")
    qtbot.waitUntil(lambda: sold in standing(exchange), timeout=LONG)
    assert standing(exchange)[: len(BOUGHT)] == [BOUGHT[0], ("SELL", "STOP_LOSS_LIMIT", "CANCELED")]
    qtbot.waitUntil(lambda: page.header.close_button.state == "done", timeout=LONG)
