"""Qt kept in order: what must stand before a slot runs, its threads, its words and its signals."""
