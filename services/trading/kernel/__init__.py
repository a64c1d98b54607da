"""The compiled kernel: one strategy over one set of bars for many combinations of its parameters.

Its loops call the functions of ``services.trading.steps`` and nothing else decides, fills or refuses: it differs from a
backtest in what it leaves out (bars at which nothing can happen) and in what combinations share (exponential means).
numba compiles it, so it runs in a process of its own, which calls ``compiling.prepare`` before it imports any step.
"""
