"""What the window, the CLI and the counts are folded from: states, runs, alerts."""
