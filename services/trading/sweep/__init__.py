"""Sweeps: one strategy with many values of its numbers over the same bars, in processes beside the program."""
