"""Backtests: one strategy over recorded bars, with the fills that its conventions give."""
