"""A word beside what was asked, for whoever sits before the terminal: never on standard output, never an error."""

import sys


def tell_beside(text: str) -> None:
    """Write one line on standard error, where there is one: a window that was opened by a click has none."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
