"""A file is there whole, or as it was."""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core.whole_files import OTHERS_READ, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such modes")


@pytest.mark.parametrize("sync", [True, False])
def test_the_new_takes_the_place_of_the_old_and_nothing_is_left_beside_it(tmp_path: Path, sync: bool) -> None:
    path = tmp_path / "kept.toml"
    write_whole(path, b"old", sync=sync)
    write_whole(path, (line for line in (b"new\n", b"lines\n")), sync=sync)
    assert path.read_bytes() == b"new\nlines\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_breaks_off_leaves_the_old_and_nothing_beside_it(tmp_path: Path) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield b"new"
        raise ValueError("no more")

    path = tmp_path / "kept.toml"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="no more"):
        write_whole(path, breaks_off())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_in_the_way_stays_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    (path / "file").touch()
    with pytest.raises(OSError, match="folder"):
        write_whole(path, b"new")
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "kept.toml", b"new")


@posix
def test_its_owner_alone_reads_it_unless_others_are_to(tmp_path: Path) -> None:
    private, open_to_others = tmp_path / "private", tmp_path / "open"
    private.touch(0o644)
    write_whole(private, b"")
    write_whole(open_to_others, b"", mode=OTHERS_READ)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (private, open_to_others)] == [0o600, 0o644]
