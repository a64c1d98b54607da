"""Terms of the user's own: Python files that run in a child and become a series, one number at each bar."""
