"""Short words in the corner of the window, with what they offer."""

from dataclasses import dataclass, field
from itertools import count

from widgets.frame.main_window import MainWindow
from widgets.parts.status import Status
from widgets.parts.toast import Offered, ToastView

OFFERS_KEPT = 20
"""Words in the corner whose offers can still be taken: far more than stand there."""


@dataclass
class Telling:
    """Remembers what each word offered."""

    window: MainWindow
    _offered: dict[str, Offered] = field(default_factory=dict)
    _offers: "count[int]" = field(default_factory=count)

    def tell(self, text: str, status: Status, offered: Offered | None) -> None:
        if offered is None:
            self.window.show_toast(ToastView("", text, status=status))
            return
        identity = str(next(self._offers))
        self._offered[identity] = offered
        self._offered.pop(str(int(identity) - OFFERS_KEPT), None)
        self.window.show_toast(ToastView(identity, text, offered.label, status, offered.tip))

    def take(self, identity: str) -> None:
        """What was offered is wanted; once."""
        offered = self._offered.pop(identity, None)
        if offered is not None:
            offered.do()
