"""A position on paper that a person closes: named by where it stands in its session, so that it is closed once."""

from dataclasses import replace

from services.trading.paper.commands import ASKED
from services.trading.paper.session import SessionState
from services.trading.steps.book_layout import OPEN, PENDING, TURNS
from services.trading.steps.orders import cleared

CLOSED = "its position was closed, and nothing else was done"


def left_by_word(state: SessionState, position: str | None) -> SessionState:
    """The session with that position pending to be left at the next price; as it is where that is held no more.

    A run that is restarted asks again, and a later position has another name.
    """
    if not position or position != state.position:
        return state
    book = list(state.book)
    if book[PENDING] == -book[OPEN]:
        return state
    cleared(book)
    book[PENDING], book[TURNS] = -book[OPEN], 0.0
    return replace(state, book=tuple(book), asked=ASKED)
