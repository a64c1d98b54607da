"""Pictures of the real window, and the demonstration that they show."""
