"""Running and containing a foreign child: its process tree, its output line by line, its scrubbed environment."""

from services.core.sandbox.environment import scrub
from services.core.sandbox.lines import Line, Stream
from services.core.sandbox.tree import CannotStart, Ended, Ending, Tree, end_strays

__all__ = ["CannotStart", "Ended", "Ending", "Line", "Stream", "Tree", "end_strays", "scrub"]
