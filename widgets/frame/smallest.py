"""How small the window may become."""

from PyQt6.QtCore import QSize

SMALLEST = QSize(1024, 700)
