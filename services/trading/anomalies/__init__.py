"""What is unusual on a market: jumps, bursts of volume, another volatility, a sentiment that goes against the price.

Each is a step on closed bars with its state inside: the same bars give the same anomalies, live, replayed or tested,
and none is told from what comes later.
"""
