"""Values of parameters by their dotted keys, such as ``macd.fast``."""

from collections.abc import Mapping

Value = int | float | str | bool | None
Parameters = Mapping[str, Value]


def in_words(parameters: Parameters) -> str:
    """``macd.fast 8, macd.slow 20``."""
    return ", ".join(f"{key} {'none' if value is None else value}" for key, value in parameters.items())
