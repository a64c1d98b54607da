"""Which market a file of candles is of, where its name plainly tells it: ``ETH-BTC_5m.parquet``, ``ETHBTC-1m.csv``."""

import re

_QUOTES = "USDT|USDC|FDUSD|BUSD|TUSD|DAI|USD|EUR|GBP|TRY|BRL|JPY|AUD|BTC|ETH|BNB"
_NAMED = re.compile(rf"([A-Z0-9]{{2,15}}?)[-_]?({_QUOTES})(?![A-Za-z0-9])")


def market_named(file: str) -> str:
    """Such as ``ETH/BTC``; empty where the name tells none."""
    found = _NAMED.match(file)
    return "/".join(found.groups()) if found else ""
