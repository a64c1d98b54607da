"""Child interpreters: the same process class, built from data, speaking over a private pipe."""
