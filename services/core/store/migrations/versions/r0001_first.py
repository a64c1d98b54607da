"""The first store: the tables as the first release creates them. Later revisions start from it."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing to do: a store without a revision is created whole by ``opening``."""
