"""The pages: each is built from a view of what is or was known, and tells commands; it decides nothing."""
