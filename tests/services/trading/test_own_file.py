"""A mistake names the file that its owner wrote, not the copy that was taken of it."""

from pathlib import Path

from services.trading.own_file import own_file


def test_a_copy_is_told_as_the_file_it_is_of() -> None:
    assert own_file(Path("/h/taken/strategies/trading/mood.yaml")) == str(Path("/h/strategies/trading/mood.yaml"))


def test_any_other_file_is_told_as_it_is() -> None:
    for path in ("/h/strategies/trading/mood.yaml", "/taken/mood.yaml", "mood.yaml"):
        assert own_file(path) == str(Path(path))
