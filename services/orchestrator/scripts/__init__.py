"""Adopted scripts: any command as a process with schedule, watchdog, pause, history and rules."""
