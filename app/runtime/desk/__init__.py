"""The desk: the pages connected with the program, what is told around them, and undoing."""
