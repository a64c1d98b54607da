"""How the window was left, in its file: kept whole, and done without where it is damaged."""

import stat

import pytest

from app.runtime.window.layout import read_layout, write_layout


def test_what_is_kept_is_read_again_and_is_its_owners_alone(tmp_path):
    file = tmp_path / "window.json"
    for page in ("inbox", "rules"):
        write_layout(file, {"page": page, "window": "1 2 1200 800"})
    assert read_layout(file) == {"page": "rules", "window": "1 2 1200 800"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file], "nothing is left beside it"


def test_a_home_without_one_has_nothing_to_tell(tmp_path, caplog):
    assert read_layout(tmp_path / "window.json") == {}
    assert not caplog.records


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"page": 1}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_one_is_told_in_the_log_and_the_defaults_hold(tmp_path, caplog, damage):
    file = tmp_path / "window.json"
    file.write_bytes(damage)
    assert read_layout(file) == {}
    assert "window.json cannot be read" in caplog.text


def test_one_that_cannot_be_written_leaves_what_was_kept(tmp_path):
    with pytest.raises(OSError, match="gone"):
        write_layout(tmp_path / "gone" / "window.json", {})
