"""Event: a frozen, typed fact that is kept, and the bus that hands committed ones on."""

from services.core.events.event import Event, ForeignEvent, Recorded, read_event

__all__ = ["Event", "ForeignEvent", "Recorded", "read_event"]
