"""The runtime: what brings a program up, in a window or without one, and ends it as it should be ended."""
