"""Projections: what pages show, folded from events, now or as of a past moment."""
