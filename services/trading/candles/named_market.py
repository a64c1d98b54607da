"""Which market a file of candles is of, where its name plainly tells it: ``ETH-BTC_5m.parquet``, ``ETHBTC-1m.csv``."""

import re

_QUOTES = "USDT|USDC|FDUSD|BUSD|TUSD|DAI|USD|EUR|GBP|TRY|BRL|JPY|AUD|BTC|ETH|BNB"
_NAMED = re.compile(rf"([A-Z0-9]{{2,15}}?)[-_]?({_QUOTES})(?![A-Za-z0-9])")


def market_named(file: str) -> str:
    """Such as ``ETH/BTC``; empty where the name tells none."""
    found = _NAMED.match(file)
    return "/".join(found.groups()) if found else ""


def other_market(label: str, symbol: str, strategy: str) -> str:
    """What somebody must know of candles by their label, where their file's name tells another market than the one that
    the strategy of that name trades; else empty."""
    file = label.partition(": ")[2]
    named = market_named(file)
    if not named or named == symbol:
        return ""
    return f"by its name {file} is of {named}, and what is found in it counts for {symbol}, which {strategy} trades"
