"""The one base of all tables: columns over frozen rows, updated by difference."""

from widgets.parts.table.cells import Cell, CellAction, Column
from widgets.parts.table.model import RowsModel
from widgets.parts.table.view import Table

__all__ = ["Cell", "CellAction", "Column", "RowsModel", "Table"]
