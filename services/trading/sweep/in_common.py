"""What holds for every combination of a grid: told once with what a sweep or a walk forward found."""

from collections.abc import Iterator

from services.trading.backtest.conventions import Told, conventions_of
from services.trading.market_notes import notes_on_market
from services.trading.sweep.grid import Grid
from services.trading.sweep.ground import Ground


def common_conventions(grid: Grid) -> Told:
    """A backtest's conventions but those that the axes go through; raises ``UserError`` where no combination makes a
    strategy."""
    swept = {axis.key for axis in grid.axes}
    return {key: value for key, value in conventions_of(grid.first()).items() if key not in swept}


def common_notes(grid: Grid, ground: Ground) -> Iterator[str]:
    """What somebody must know beside the numbers of every combination. An axis is no fact of the market."""
    yield from ground.side.notes(ground.bars)
    yield from notes_on_market(grid.first().market, ground.bars)


def told_in_common(grid: Grid, ground: Ground) -> dict[str, object]:
    """Both for a document, and where the posts come from."""
    notes = list(common_notes(grid, ground))
    return ground.side.told(ground.bars) | {"notes": notes, "conventions": common_conventions(grid)}
