"""Everything that knows everything: entry point, command line, settings, wiring, the Qt runtime."""
