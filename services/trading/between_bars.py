"""What a strategy may ask of a live feed and candles cannot give: something between two bars."""

from pathlib import Path

from services.core.errors import UserError
from services.core.yamlfile import value_in
from services.trading.own_file import own_file
from services.trading.strategy import Strategy


def refuse_between_bars(strategy: Strategy, path: Path) -> None:
    """Raise ``UserError`` where a limit is to be priced anew more often than bars close; ``path`` is its file."""
    limit = strategy.limit
    if limit is None or limit.patience(strategy.bar) >= strategy.bar:
        return
    raise UserError(
        f"execution.limit.reprice_after is {limit.reprice_after}, shorter than a bar of {strategy.timeframe}",
        own_file(value_in(path, "execution", "limit", "reprice_after")),
        f"On candles nothing happens between two closes: write {strategy.timeframe} or more",
    )
