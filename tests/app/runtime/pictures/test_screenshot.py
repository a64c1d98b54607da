"""A picture of the user's own home shows what is in it, and leaves it as it was."""

from datetime import UTC, datetime

import pytest

from app.logs import read_tail
from app.paths import Home
from app.runtime.pictures.screenshot import at_rest
from services.core.logs import LogLine, encode


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path / "home", "--home").create()
    said = ("the feed is there", "order filled 0.012 BTC", "the feed is silent")
    at = datetime(2026, 11, 21, 9, 31, tzinfo=UTC)
    rows = [encode(LogLine(at, "INFO", "macd-eth-btc", text)) for text in said]
    made.log.write_bytes(b"".join(rows))
    return made


def test_the_log_of_the_home_is_in_the_picture_and_stays_as_it_was(home):
    before = home.log.read_bytes()
    with at_rest(home) as program:
        shown = [line.text for line in read_tail(program.home.log, 500) if line.process == "macd-eth-btc"]
    assert shown == ["the feed is there", "order filled 0.012 BTC", "the feed is silent"]
    assert home.log.read_bytes() == before


def test_a_home_without_a_log_can_be_painted_too(tmp_path):
    home = Home(tmp_path / "fresh", "--home")
    with at_rest(home) as program:
        assert program.engine.view.live
    assert not home.root.exists(), "looking makes no home"
