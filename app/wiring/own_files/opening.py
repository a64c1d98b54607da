"""The user's files, with the commands that add to them and that change them."""

from collections.abc import Callable

from app.engine import Engine
from app.paths import Home
from app.settings.load import Loaded
from app.wiring.own_files.adding import Adding
from app.wiring.own_files.own_files import OwnFiles
from app.wiring.own_files.watching import FileTriggers
from app.wiring.promotions import Promotions


def own_files(engine: Engine, home: Home, loaded: Loaded, reload: Callable[[], Loaded]) -> OwnFiles:
    """They are looked at, and watched, when the caller says so."""
    own = OwnFiles(engine, home, loaded, reload, FileTriggers(engine, home.root))
    adding = Adding(engine, home, own.reread)
    adding.register(engine.commands)
    adding.go_on()
    Promotions(engine, home).register()
    return own
