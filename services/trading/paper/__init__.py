"""Trading on paper: a broker with a file of its own, and what trades there, on recorded candles or live bars."""
