"""One decision: in full, in a person's words, and what a person can do about it."""
