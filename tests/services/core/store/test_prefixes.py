"""What begins alike is found by its index, however many lines the ledger has, and to the letter."""

from pathlib import Path

import pytest
from sqlalchemy import Column, insert, select, text
from sqlalchemy.dialects import sqlite

from services.core.clock import SystemClock
from services.core.store import Store, open_store
from services.core.store.prefixes import begins
from services.core.store.schema import decisions, facts


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "dreamscape.db", tmp_path / "backups", SystemClock().now)


@pytest.mark.parametrize("column", [decisions.c.id, decisions.c.key, facts.c.name])
def test_nothing_is_read_but_what_begins_so(store: Store, column: "Column[str]") -> None:
    query = select(column).where(begins(column, "snoozed:"))
    words = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with store.reading.connect() as connection:
        (plan,) = connection.execute(text(f"EXPLAIN QUERY PLAN {words.replace(':', chr(92) + ':')}")).all()
    assert plan.detail.startswith("SEARCH")


def test_it_begins_so_to_the_letter(store: Store) -> None:
    names = ["once:bot", "once:", "Once:bot", "once", "one_e:bot", "once:\U0001f600"]
    with store.writing.begin() as connection:
        connection.execute(insert(facts), [{"name": name, "value": ""} for name in names])
        found = connection.execute(select(facts.c.name).where(begins(facts.c.name, "once:"))).scalars().all()
    assert sorted(found) == ["once:", "once:bot", "once:\U0001f600"]
