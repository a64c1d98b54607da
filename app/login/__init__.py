"""The start at login: one file of the user's own on each system, written and removed only when the user asks."""

from app.login.entry import Entry
from app.login.systems import entry_for, this_program, this_systems_entry

__all__ = ["Entry", "entry_for", "this_program", "this_systems_entry"]
