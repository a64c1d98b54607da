"""What a sweep's combinations are all run over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from services.trading.candles import Bars
from services.trading.side_data import NONE, SideData

if TYPE_CHECKING:
    from services.trading.kernel.beside import Beside


@dataclass(frozen=True)
class Ground:
    """The bars, and what is known beside them. A process is given it once, and keeps what it computes of it."""

    bars: Bars
    side: SideData = NONE

    @cached_property
    def beside(self) -> Beside:
        """For the kernel alone, which a process imports once it has its compiler."""
        from services.trading.kernel.beside import Beside

        return Beside(self.bars, self.side)

    def __reduce__(self) -> tuple[Callable[..., Ground], tuple[Bars, SideData]]:
        """What was computed of it stays where it is."""
        return Ground, (self.bars, self.side)
