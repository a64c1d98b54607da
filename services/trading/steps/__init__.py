"""What a strategy does with one bar, in scalar steps: the only source for live, chart, backtest and sweep."""
