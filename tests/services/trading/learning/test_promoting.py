"""Promotion writes the user's file once, and refuses where a person has written it since."""

from pathlib import Path

import pytest

from services.core.effects import Refused, Standing
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.promoting import PromoteFiles
from services.trading.learning.rewriting import rewritten
from tests.support.strategies import DEFAULT

TEXT = DEFAULT.read_text(encoding="utf-8")
CHANGE = {"macd.fast": 8, "macd.slow": 32}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "strategies" / "trading"


@pytest.fixture
def files(own: Path) -> PromoteFiles:
    return PromoteFiles(own, DEFAULT.parent)


def promotion(before: str = TEXT) -> PromoteStrategy:
    after = rewritten(before, CHANGE, "s.yaml")
    return PromoteStrategy("macd-eth-btc", DEFAULT.name, before, after, CHANGE, cause="shadow 1")


def test_a_default_becomes_the_users_own_file_and_undo_takes_that_away(files: PromoteFiles, own: Path) -> None:
    effect = promotion()
    assert files.look_up(effect).standing is Standing.NOT_DONE
    details = files.carry_out(effect)
    assert (own / DEFAULT.name).read_text() == effect.after
    assert files.look_up(effect).standing is Standing.DONE
    files.undo(effect, details)
    assert not (own / DEFAULT.name).exists()
    assert DEFAULT.read_text(encoding="utf-8") == TEXT


def test_the_users_own_file_comes_back_by_its_content(files: PromoteFiles, own: Path) -> None:
    own.mkdir(parents=True)
    mine = TEXT.replace("capital: 1 ", "capital: 2 ")
    (own / DEFAULT.name).write_text(mine)
    effect = promotion(mine)
    details = files.carry_out(effect)
    assert (own / DEFAULT.name).read_text() == effect.after != mine
    files.undo(effect, details)
    assert (own / DEFAULT.name).read_text() == mine


def test_doing_it_twice_is_doing_it_once(files: PromoteFiles, own: Path) -> None:
    effect = promotion()
    assert files.carry_out(effect) == files.carry_out(effect)
    assert files.undo(effect, {}) == files.undo(effect, {})
    assert not (own / DEFAULT.name).exists()


def test_a_file_that_a_person_has_changed_since_is_left_alone(files: PromoteFiles, own: Path) -> None:
    effect = promotion()
    own.mkdir(parents=True)
    by_hand = TEXT + "# mine\n"
    (own / DEFAULT.name).write_text(by_hand)
    assert "changed by hand since" in files.still_holds(effect)
    with pytest.raises(Refused, match="changed by hand since"):
        files.carry_out(effect)
    with pytest.raises(Refused, match="changed by hand since"):
        files.undo(effect, {})
    assert files.look_up(effect).standing is Standing.UNKNOWN
    assert (own / DEFAULT.name).read_text() == by_hand


def test_what_is_no_strategy_and_what_lies_elsewhere_is_never_written(files: PromoteFiles, own: Path) -> None:
    broken = PromoteStrategy("macd-eth-btc", DEFAULT.name, TEXT, "name: [", CHANGE, cause="x")
    with pytest.raises(Refused):
        files.carry_out(broken)
    outside = PromoteStrategy("macd-eth-btc", "../../settings.yaml", TEXT, TEXT, CHANGE, cause="x")
    with pytest.raises(Refused, match="no name"):
        files.carry_out(outside)
    assert not own.exists()


def test_the_same_run_asks_once_and_says_in_words_what_it_would_do() -> None:
    assert promotion().key == promotion().key
    assert promotion().key != promotion(TEXT + "# other\n").key
    assert promotion().what == "Promote macd-eth-btc to macd.fast 8, macd.slow 32"
