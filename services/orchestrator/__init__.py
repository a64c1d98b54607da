"""The orchestrator: registry, schedules, supervision and child interpreters."""
