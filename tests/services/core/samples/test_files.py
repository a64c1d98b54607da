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
