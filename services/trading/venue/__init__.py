"""The venue: an exchange account as our orders see it, whatever library speaks to it."""
