"""Commands: what window, command line and rules tell Dreamscape to do."""

from services.core.commands.command import Command, CommandGiven, Commands, given

__all__ = ["Command", "CommandGiven", "Commands", "given"]
