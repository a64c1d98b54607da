"""What the window shows while the program comes up: what was known when it last ended."""

from app.paths import Home
from app.wiring.projections import KINDS
from services.core.projections.last_known import last_known
from services.core.projections.views import PastView
from services.core.samples.files import SampleFiles
from widgets.states.ahead import read_ahead


def last_view(home: Home) -> PastView | None:
    """The view of the last moment that the home remembers; None where it remembers none. Blocks."""
    known = last_known(home.store, KINDS)
    if known is None:
        return None
    view = PastView(known.at, known.values, SampleFiles(home.samples))
    read_ahead(view)
    return view
