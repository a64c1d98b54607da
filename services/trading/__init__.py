"""Trading: strategies as data, replayed candles, and a paper account."""
