"""What a person can tell learning."""

from services.core.commands import Command


class Promote(Command, name="trading.promote"):
    """Say yes to the promotion of a strategy's challenger that waits in the Inbox."""

    strategy: str


class Demote(Command, name="trading.demote"):
    """Take back the last promotion of a strategy: the parameters before it are in force again."""

    strategy: str
