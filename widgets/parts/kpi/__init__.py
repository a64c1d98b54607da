"""A number that matters, with its course."""
