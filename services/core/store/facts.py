"""Facts: small texts that the store remembers by name. Functions here are pieces of a transaction, or only read."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from services.core.store.prefixes import begins
from services.core.store.schema import facts


def fact(connection: Connection, name: str) -> str | None:
    """What is remembered under a name."""
    value: str | None = connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar()
    return value


def facts_from(connection: Connection, prefix: str) -> dict[str, str]:
    """All whose names begin with ``prefix``, by what follows it."""
    rows = connection.execute(select(facts).where(begins(facts.c.name, prefix)).order_by(facts.c.name))
    return {row.name.removeprefix(prefix): row.value for row in rows}


def keep_fact(connection: Connection, name: str, value: str) -> None:
    """Remember this, in place of what was remembered under the name."""
    statement = upsert(facts).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def drop_fact(connection: Connection, *names: str) -> None:
    """Remember nothing more under these names."""
    connection.execute(delete(facts).where(facts.c.name.in_(names)))
