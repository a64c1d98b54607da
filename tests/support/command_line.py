"""What a test of the command line is given."""

from collections.abc import Callable
from typing import Any

Cli = Callable[..., tuple[int, Any, str]]
"""Runs a command with --json; gives its code, its document (None without one) and its standard error."""
