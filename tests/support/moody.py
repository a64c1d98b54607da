"""Outsides that answer as their test bids them: late, wrongly, or not at all."""

import threading
from urllib.error import URLError

from services.core.effects import Details, Effect, Outcome, Refused, Standing
from tests.support.outside import DeskHandler, PlaceAtDesk


class Moody(DeskHandler):
    """The desk's door: it may be closed to orders, and to questions."""

    refuses = False
    hears = True

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.answers = threading.Event()
        self.answers.set()

    def carry_out(self, effect: PlaceAtDesk) -> Details:
        if self.refuses:
            raise Refused("closed")
        return super().carry_out(effect)

    def look_up(self, effect: PlaceAtDesk) -> Outcome:
        self.asked.set()
        self.answers.wait(20)
        if not self.hears:
            raise URLError("nobody answers")
        return super().look_up(effect)


class SlipAtDesk(Effect, name="test.slip_at_desk"):
    """A note at the counting desk, in words that a person may write anew."""

    limits = {"text": 100}

    url: str
    order: str
    text: str

    @property
    def key(self) -> str:
        return f"slip:{self.order}"

    @property
    def what(self) -> str:
        return f"Say {self.text!r}"


class Slips(Moody):
    """Handles ``SlipAtDesk``: it is found by its order, whatever the words."""

    def carry_out(self, effect: SlipAtDesk) -> Details:
        return super().carry_out(PlaceAtDesk(effect.url, f"{effect.order}: {effect.text}"))

    def look_up(self, effect: SlipAtDesk) -> Outcome:
        found = [word for word in ("first", "other") if self.has(effect, word)]
        return Outcome(Standing.DONE if found else Standing.NOT_DONE)

    def has(self, effect: SlipAtDesk, word: str) -> bool:
        return super().look_up(PlaceAtDesk(effect.url, f"{effect.order}: {word}")).done
