"""What the user's files say of a process: read with every mistake told, and turned into a plan."""
