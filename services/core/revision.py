"""The shape of the store."""

HEAD = "0002"
"""The revision this program writes; ``migrations/versions`` leads from every earlier one to it."""
