"""The top of the Trading page: it says as much as there is room for, and cuts nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.core.process import State
from services.trading.tape import BotTape
from tests.support.whole_window import settle
from widgets.pages.trading.bot_list import BotList
from widgets.pages.trading.header import Header
from widgets.states.process_lines import ProcessLine
from widgets.states.trading.bots import BotChoice, BotState

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FILE = "strategies/trading/macd-eth-btc.yaml"
RECORDED = "recorded: ETH-BTC_5m_2018-01.parquet"
TAPE = BotTape(
    "macd-eth-btc", "macd-eth-btc", "v", 1, "ETH/BTC", "5m", RECORDED, "", 9, NOON, NOON, NOON, 1.0, "next_open", 0.001
)


def choice(name: str, state: State = State.RUNNING, shape: str = "ok") -> BotChoice:
    line = ProcessLine(name, "trading", state, "Running", shape, "replaying", 0, NOON)
    return BotChoice(name, line, "+1.20%", "ETH/BTC, recorded")


@pytest.fixture
def header(qtbot) -> Header:
    header = Header()
    qtbot.addWidget(header)
    only = choice("macd-eth-btc")
    header.show_bots((only,), BotState(only, FILE, TAPE), working=None, why_not="")
    header.show()
    return header


@pytest.mark.parametrize(
    ("width", "market", "file"),
    [
        (1688, f"5m · paper · {RECORDED}", FILE),
        (1200, "5m · paper · recorded", FILE),
        (936, "5m · paper · recorded", ""),
    ],
)
def test_the_chips_say_what_there_is_room_for(header, width, market, file):
    header.resize(width, header.sizeHint().height())
    assert (header.market.text(), header.file.text()) == (market, file)
    assert header.file.isVisible() == bool(file)
    for chip in (header.market, header.state, *((header.file,) if file else ())):
        assert chip.width() >= chip.sizeHint().width(), chip.text()
    assert RECORDED in header.market.toolTip()
    assert FILE in header.market.toolTip()


def test_where_there_is_little_room_the_file_has_its_name_alone(header):
    widths = range(936, 1400, 4)
    said = []
    for width in widths:
        header.resize(width, header.sizeHint().height())
        said.append((header.market.text().partition(":")[0], header.file.text()))
    assert [file for place, (_market, file) in enumerate(said) if not place or file != said[place - 1][1]] == [
        "",
        "macd-eth-btc.yaml",
        FILE,
    ]


def test_a_bot_with_an_endless_name_leaves_the_buttons_whole(header):
    endless = choice("a-name-without-end-" * 8)
    header.show_bots((endless,), BotState(endless, FILE, replace(TAPE, bot=endless.name)), working=None, why_not="")
    header.resize(936, header.sizeHint().height())
    assert header.minimumSizeHint().width() <= 936
    for button in (header.hold, header.override_button, header.backtest_button, header.close_button):
        assert button.width() >= button.sizeHint().width(), button.text()
    assert header.title.hidden_text.startswith("a-name-without-end")


# The list of bots


@pytest.fixture
def bots(qtbot) -> BotList:
    bots = BotList()
    qtbot.addWidget(bots)
    return bots


def shown(bots: BotList) -> list[str]:
    return [name for name, chip in bots._chips.items() if not chip.isHidden()]


def test_one_bot_alone_is_no_list(bots):
    bots.show_bots((choice("only"),), "only")
    assert bots.isHidden()


def test_bots_that_have_no_room_are_behind_the_last_chip_and_can_be_chosen_there(qtbot, bots):
    names = [f"a-bot-of-number-{number:02d}" for number in range(24)]
    bots.resize(936, 20)
    bots.show_bots(tuple(map(choice, names)), names[20])
    bots.show()
    settle()
    seen = shown(bots)
    assert names[20] in seen, "the one that is shown"
    assert 3 < len(seen) < 12
    assert set(seen) | set(bots.hidden_ones) == set(names)
    assert bots.more.text().startswith(f"{24 - len(seen)} more")
    for name in seen:
        chip = bots._chips[name]
        assert chip.width() >= chip.sizeHint().width()
        assert bots.rect().contains(chip.geometry())
    menu = bots.menu()
    with qtbot.waitSignal(bots.chosen) as told:
        menu.actions()[-1].trigger()
    assert told.args == [bots.hidden_ones[-1]]


def test_what_is_amiss_with_a_bot_that_has_no_room_is_seen_all_the_same(bots):
    bots.resize(300, 20)
    many = [choice(f"a-bot-of-number-{number:02d}") for number in range(9)]
    bots.show_bots(tuple(many), many[0].name)
    assert bots.more.status is None
    bots.show_bots((*many[:-1], choice(many[-1].name, State.FAILED, "bad")), many[0].name)
    assert bots.more.status == "bad"


def test_all_have_room_again_in_a_wider_window(bots):
    names = [f"bot-{number}" for number in range(6)]
    bots.resize(240, 20)
    bots.show_bots(tuple(map(choice, names)), names[0])
    bots.show()
    assert bots.hidden_ones
    bots.resize(1200, 20)
    assert shown(bots) == names
    assert bots.more.isHidden()
