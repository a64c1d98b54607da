"""The combinations of a sweep's grid as a walk forward goes through them: those that make a strategy."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self, overload

from services.core.errors import UserError
from services.trading.learning.families import combinations_of
from services.trading.learning.values import Parameters
from services.trading.scoring.scorer import Scorer
from services.trading.strategy import Strategy
from services.trading.sweep.grid import Grid
from services.trading.sweep.impossible import Impossible


@dataclass(frozen=True, slots=True)
class Candidate:
    """One combination, and the strategy that it makes."""

    parameters: Parameters
    strategy: Strategy


@dataclass(frozen=True)
class Candidates(Sequence[Strategy]):
    """The strategies, in the grid's order, each made when it is asked for: a million of them would fill the memory."""

    grid: Grid
    numbers: "array[int]"
    """Of their combinations, in the grid."""
    longest: int
    """How far the terms look back at most, in bars."""
    warm_up: int
    """The 0-based index of the first bar at which all of them can speak."""
    left_out: int = 0
    """Combinations that make no strategy, and why the first of them does not."""
    why: str = ""

    @classmethod
    def of(cls, grid: Grid) -> Self:
        """Raises ``UserError`` where no combination makes a strategy."""
        numbers, whys = array("q"), list[str]()
        longest = warm_up = 0
        for number in range(len(grid)):
            try:
                scorer = Scorer(grid.strategy(number))
            except Impossible as impossible:
                whys.append(str(impossible))
                continue
            numbers.append(number)
            longest, warm_up = max(longest, scorer.longest), max(warm_up, scorer.warm_up)
        if not numbers:
            mend = "Give values that its file may have"
            raise UserError(f"no combination makes a strategy: {whys[0]}", "--grid", mend)
        return cls(grid, numbers, longest, warm_up, len(whys), whys[0] if whys else "")

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> Strategy: ...

    @overload
    def __getitem__(self, place: slice) -> list[Strategy]: ...

    def __getitem__(self, place: int | slice) -> Strategy | list[Strategy]:
        if isinstance(place, slice):
            return [self.grid.strategy(number) for number in self.numbers[place]]
        return self.grid.strategy(self.numbers[place])

    def candidate(self, place: int) -> Candidate:
        """The one at that place, with its parameters."""
        return Candidate(self.grid.values(self.numbers[place]), self[place])

    def combinations(self) -> Iterator[str]:
        """What each counts as in the ledger of trials."""
        return combinations_of(self[0], (self.grid.values(number) for number in self.numbers))
