"""What pages show, as frozen values built from a view by pure functions: without Qt, and the same for any moment."""
