"""What a chart of a strategy shows: its candles, and what its terms said at each of them."""
