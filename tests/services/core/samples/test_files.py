"""Sample files survive what a kill leaves of them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from services.core.samples import Rollup
from services.core.samples.files import SampleFiles


def test_a_file_that_a_kill_left_without_its_table_or_damaged_is_left_out(tmp_path: Path) -> None:
    files = SampleFiles(tmp_path)
    now = 1_770_000_000
    files.write([Rollup("m", now, 1, 1.0, 1.0, 1.0, 1.0)], now)
    day = next(tmp_path.glob("seconds-*.db"))
    with closing(sqlite3.connect(day)) as connection, connection:
        connection.execute("DROP TABLE rollups")
    assert files.read_all(now - 10, now) == []
    SampleFiles(tmp_path).close(now + 120)
    for leftover in tmp_path.glob("seconds-*"):
        leftover.unlink()
    day.write_bytes(b"this is no database" * 200)
    assert files.read("m", now - 10, now) == []
    SampleFiles(tmp_path).close(now + 240)


def test_of_damaged_files_the_newest_three_are_kept_as_long_as_the_file_itself(tmp_path: Path) -> None:
    now = 1_770_000_000
    for number in range(1, 12):
        files = SampleFiles(tmp_path)
        files.write([Rollup("m", now, 1, 1.0, 1.0, 1.0, 1.0)], now)
        day = next(tmp_path.glob("seconds-*.db"))
        day.write_bytes(f"this is no database {number} ".encode() * 200)
    files.write([Rollup("m", now, 1, 1.0, 1.0, 1.0, 1.0)], now)
    (tmp_path / "seconds-2020-01-01.db.damaged-1").write_bytes(b"of a day that is no longer kept")
    (tmp_path / "notes.db.damaged-x").write_bytes(b"none of ours")
    dropped = {path.name for path in files.drop_aside()}
    assert dropped == {*(f"{day.name}.damaged-{n}" for n in range(1, 9)), "seconds-2020-01-01.db.damaged-1"}
    left = sorted(path.name for path in tmp_path.glob("*damaged*"))
    assert left == ["notes.db.damaged-x", *(f"{day.name}.damaged-{n}" for n in (10, 11, 9))]
    assert b"no database 11 " in (tmp_path / f"{day.name}.damaged-11").read_bytes()
    assert files.drop_aside() == []
    day.write_bytes(b"this is no database" * 200)
    files.write([Rollup("m", now, 1, 1.0, 1.0, 1.0, 1.0)], now)
    assert (tmp_path / f"{day.name}.damaged-12").exists(), "a number is given once"
    assert len(files.drop_down_to(0)) == 4, "over the cap they go before all others, and today's samples stay"
    assert files.read("m", now - 10, now) != []
