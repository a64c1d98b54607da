"""The sandbox network: a small simulated social network in one SQLite file, labelled as such wherever it is shown."""

from services.engagement.sandbox.network import SandboxNetwork

__all__ = ["SandboxNetwork"]
