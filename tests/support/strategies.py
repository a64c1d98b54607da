"""Strategies for tests, as variations of the default."""

from pathlib import Path
from typing import Any

import yaml

from services.core.yamlfile import parse_model
from services.trading.strategy import Strategy

DEFAULT = Path(__file__).parents[2] / "strategies" / "trading" / "macd-eth-btc.yaml"
REFUSED_ON_CANDLES = [
    ({"execution": {"limit": {"reprice_after": "20s"}}}, r":\d+:\d+: execution\.limit\.reprice_after is 20s, shorter"),
    ({"macd": {"slow": 40}}, r"recorded: few\.csv: .* asks for more history than there is: .*, and there are 30"),
]
"""What a strategy has that is refused wherever candles are gone through, 30 bars of ``few.csv``, and in what words."""


def strategy_text(**changes: Any) -> str:
    """The default strategy's YAML with other values; nested mappings are changed by key, and None leaves a key out."""
    fields = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    for key, value in changes.items():
        fields[key] = {**fields.get(key, {}), **value} if isinstance(value, dict) else value
    return yaml.safe_dump(_without_none(fields))


def strategy_with(**changes: Any) -> Strategy:
    return parse_model(strategy_text(**changes), Strategy, "test.yaml")


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in fields.items() if value is not None}
    return {key: _without_none(value) if isinstance(value, dict) else value for key, value in kept.items()}
