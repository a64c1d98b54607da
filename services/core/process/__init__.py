"""Process: anything that runs under the orchestrator, and what it may ask of the house."""

from services.core.process.process import ALIVE, TRANSITIONS, ConfigurationFault, Isolation, Process, Restart, State

__all__ = ["ALIVE", "TRANSITIONS", "ConfigurationFault", "Isolation", "Process", "Restart", "State"]
