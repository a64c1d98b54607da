"""What cannot be told now."""


class Unsure(Exception):
    """Nobody can tell whether something was done, or how it stands: the outside does not answer."""
