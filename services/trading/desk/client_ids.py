"""Client ids: 32 hex digits by which an order is known for ours, also by an empty ledger.

8 of the instance, 8 of the bot, 1 of the role, 15 derived from the cause: the same cause finds its own order.
"""

import hashlib

from services.trading.desk.states import Role

_ROLES = {Role.ENTRY: "e", Role.EXIT: "c", Role.STOP: "5", Role.FLATTEN: "f"}
_LENGTH = 32
_HEX = frozenset("0123456789abcdef")


def bot_digits(bot: str) -> str:
    """The bot's 8 digits; those of an adopted order's bot are its name already."""
    return bot if len(bot) == 8 and _HEX.issuperset(bot) else _digits(bot, 8)


def client_id(instance: str, bot: str, role: Role, cause: str) -> str:
    """The id of the order that ``cause`` leads to. Raises ``ValueError`` for an instance that is not 8 hex digits."""
    if len(instance) != 8 or not _HEX.issuperset(instance):
        raise ValueError(f"{instance!r} is no instance: give 8 hexadecimal digits")
    return instance + bot_digits(bot) + _ROLES[role] + _digits(f"{bot_digits(bot)}/{role}/{cause}", 15)


def is_ours(instance: str, told: str) -> bool:
    """Whether an order bears our mark; all others are the user's, and are left alone."""
    return len(told) == _LENGTH and told.startswith(instance) and _HEX.issuperset(told) and _role(told) is not None


def bot_of(told: str) -> str:
    """The digits of the bot whose order it is."""
    return told[8:16]


def role_of(told: str) -> Role:
    """What an order of ours is for. Raises ``ValueError`` for an id that is not ours."""
    role = _role(told)
    if role is None:
        raise ValueError(f"{told!r} is no client id of ours")
    return role


def _role(told: str) -> Role | None:
    return next((role for role, digit in _ROLES.items() if told[16:17] == digit), None)


def _digits(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
