"""A grid of figures as a heat map: what a sweep found for each pair of values."""

from widgets.parts.heat.grid import Cell, HeatGrid
from widgets.parts.heat.map import HeatMap

__all__ = ["Cell", "HeatGrid", "HeatMap"]
