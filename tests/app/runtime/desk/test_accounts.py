"""The exchange account's fills for a spreadsheet, written from the window."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from app.paths import Home
from app.runtime.desk.accounts import Accounts, ShowsAccount
from app.settings.model import Trading
from app.wiring.account import account_of
from services.core.clock import SystemClock
from services.trading.desk.events import OrderFilled, OrderInitialised, OrderSubmitted
from services.trading.desk.ledger import Ledger
from services.trading.desk.shown import as_csv, book_of, fills
from services.trading.desk.states import Role
from services.trading.fills import Side
from services.trading.venue.told import OrderKind
from widgets.pages.trading.page import TradingPage

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOUGHT = "0123456789abcdef0000000000000001"


class Asks(QObject):
    """What a page has, without the page."""

    fills_wanted = pyqtSignal()
    handed = pyqtSignal(object, str)
    told = pyqtSignal(str)
    shows_account = False

    def __init__(self) -> None:
        super().__init__()
        self.handed.connect(lambda call, text: call(text))


@pytest.fixture
def kept(tmp_path):
    """A home with an account that has bought once."""
    home = Home(tmp_path / "home", "--home")
    home.create()
    trading = Trading(exchange="binance", api_key="k", api_secret="s")
    account = account_of(home, trading, SystemClock())
    assert account is not None
    ledger = Ledger(account.ledger)
    half, price = Decimal("0.5"), Decimal("60000")
    ledger.append(
        OrderInitialised(
            BOUGHT, "trend", "BTC/USDT", Side.BUY, OrderKind.LIMIT, Role.ENTRY, half, price, None, "candle", NOON
        ),
        OrderSubmitted(BOUGHT, NOON),
        OrderFilled(BOUGHT, "t1", "BTC/USDT", half, price, Decimal("3"), "USDT", NOON),
    )
    ledger.close()
    loaded = SimpleNamespace(settings=SimpleNamespace(trading=trading))
    return SimpleNamespace(home=home, loaded=loaded, account=account)


def test_the_fills_go_into_the_file_that_the_dialog_names(qtbot, kept, tmp_path):
    page, window = Asks(), QWidget()
    qtbot.addWidget(window)
    with ThreadPoolExecutor(1) as pool:
        kept.engine = SimpleNamespace(workers=SimpleNamespace(start=lambda _name, work: pool.submit(work)))
        desk = SimpleNamespace(
            program=kept,
            window=window,
            hand_over=page.handed.emit,
            tell=lambda text, _status: page.told.emit(text),
        )
        accounts = Accounts(page, desk)
        page.fills_wanted.emit()
        assert accounts.asking is not None
        file = tmp_path / "fills.csv"
        with qtbot.waitSignal(page.told) as told:
            accounts.asking.fileSelected.emit(str(file))
        assert told.args == [f"1 fill written to {file}"]
        assert file.read_text(encoding="utf-8") == as_csv(fills(book_of(Ledger(kept.account.ledger))))
        with qtbot.waitSignal(page.told) as told:
            accounts.export(str(tmp_path / "nowhere" / "fills.csv"))
        assert told.args[0].startswith("The fills were not exported: ")
        accounts.asking.reject()


def test_the_trading_page_is_one_that_shows_the_account_and_asks_for_its_fills(qtbot):
    page = TradingPage()
    qtbot.addWidget(page)
    assert isinstance(page, ShowsAccount)
    with qtbot.waitSignal(page.fills_wanted):
        page.account.fills_wanted.emit()
