"""What the window shows while the program comes up: what was known when it last ended."""

from app.paths import Home
from app.wiring import effect_kinds
from app.wiring.projections import KINDS
from services.core.projections.last_known import last_known
from services.core.projections.views import PastView
from services.core.samples.files import SampleFiles
from widgets.states.overview import overview_state


def last_view(home: Home) -> PastView | None:
    """The view of the last moment that the home remembers; None where it remembers none. Blocks.

    What Overview, which is shown first, asks of the disk is read; the rest is left to ``read_ahead``.
    """
    effect_kinds.know_all()
    known = last_known(home.store, KINDS)
    if known is None:
        return None
    view = PastView(known.at, known.values, SampleFiles(home.samples))
    overview_state(view)
    return view
