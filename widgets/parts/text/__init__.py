"""Words and names as they are set: in one line, in columns, wrapped, and as times."""
