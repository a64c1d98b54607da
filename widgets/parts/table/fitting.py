"""Widths of columns that have to share what room there is. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence


def fitted(wanted: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """``wanted`` px where they fit into ``room``; else each gives of what it has over its ``least``, in proportion.

    Where even the least is too much, it is the least of each.
    """
    over = sum(wanted) - room
    spare = [max(0, wide - narrow) for wide, narrow in zip(wanted, least, strict=True)]
    if over <= 0 or not any(spare):
        return list(wanted)
    part = min(1.0, over / sum(spare))
    return [wide - -int(-part * give // 1) for wide, give in zip(wanted, spare, strict=True)]
