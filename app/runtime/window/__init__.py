"""The window's life: from the first paint over the start to an end in order."""
