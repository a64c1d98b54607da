"""How the program ended last, and what that left behind."""
