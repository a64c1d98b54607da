"""One configuration: defaults, `settings.toml`, environment and keyring, with the place of every value.

Services never read it; the wiring hands them values. A start needs no ``app.settings.edit``.
"""

from app.settings.fields import secret_names
from app.settings.load import Loaded, load
from app.settings.model import Settings

__all__ = ["Loaded", "Settings", "load", "secret_names"]
