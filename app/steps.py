"""The steps of a start, by name: the splash shows all of them before anything heavy is imported."""

STEPS = ("Settings", "Secrets", "Journal", "Reconciled", "Processes", "Feeds")
WINDOW = "Window"
"""The last one, where there is a window."""
