"""Looking at the account again and again, beside whoever keeps it."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.events import Event
from services.trading.desk.at_a_glance import Glancing, read_glance
from services.trading.desk.events import CapitalSet, Latched
from services.trading.desk.ledger import Ledger, LedgerUnusable

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def capital(amount: int) -> CapitalSet:
    return CapitalSet("curl", "USDT", Decimal(amount), NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "account.db"
    write(made, *(capital(each) for each in range(50)))
    return made


def write(path: Path, *events: Event) -> None:
    ledger = Ledger(path)
    ledger.append(*events)
    ledger.close()


def test_a_second_look_reads_only_what_has_come_since(path: Path):
    glancing = Glancing(path)
    glancing.book()
    assert glancing.read == 50
    write(path, Latched("drawdown", "account", "12 % below the peak", NOON))
    assert ("drawdown", "account") in glancing.book().latches
    assert glancing.read == 51
    glancing.book()
    assert glancing.read == 51


def test_a_ledger_that_was_put_back_from_a_copy_is_read_anew(path: Path):
    glancing = Glancing(path)
    glancing.book()
    path.unlink()
    write(path, *(capital(1000 + each) for each in range(60)))
    assert glancing.book().capital["curl"].capital == Decimal(1059)
    path.unlink()
    write(path, capital(7))
    assert glancing.book().capital["curl"].capital == Decimal(7)


def test_it_is_the_same_as_a_first_look(path: Path):
    glancing = Glancing(path)
    glancing.book()
    write(path, Latched("daily loss", "account", "2 % lost", NOON), capital(3))
    assert glancing.book() == Glancing(path).book()
    assert read_glance(path, "binance", "word").mode == "reducing"


def test_what_is_no_ledger_says_so_at_every_look(tmp_path: Path):
    (tmp_path / "account.db").write_bytes(b"nothing like a database" * 100)
    glancing = Glancing(tmp_path / "account.db")
    for _ in range(2):
        with pytest.raises(LedgerUnusable):
            glancing.book()
