"""A fall from a peak, as a rule sees it: from the peak itself, or from where it stood when a person armed it again."""

from dataclasses import dataclass

from services.core.metrics import Fallen


@dataclass
class Fall:
    """Turns falls from the peak (0.2 is 20 % under it) into falls since the rule was armed.

    What is left of the peak is 1 minus the fall. So the share lost since some moment follows from the falls alone,
    and once a new peak is reached, or the measurement itself begins again at 0, both are the same.
    """

    base: float = 0.0
    """The least fall since it was armed: where the peak of the rule's own measurement lies."""
    newest: float = 0.0
    """The fall from the peak that was seen last."""

    def since_armed(self, value: float, fallen: Fallen) -> float:
        """``value``, the worst of a span, measured from the base; then the best of the span moves the base."""
        measured = max(0.0, (value - self.base) / (1 - self.base))
        self.newest, self.base = fallen.last, min(self.base, fallen.least)
        return measured

    def begin_anew(self) -> None:
        """From now on the peak is what is left now; where nothing is, no measurement can begin."""
        self.base = self.newest if self.newest < 1 else 0.0
