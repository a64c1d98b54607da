"""Isolated copies of a project: where foreign code runs, and what is removed afterwards whatever happened."""
