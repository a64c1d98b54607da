"""Responses: read once each, scored, kept as events, and queued to be answered."""

from services.core.events import Event
from services.engagement.bookmark import BACKLOG
from services.engagement.desk import Desk
from services.engagement.events import ResponseSeen
from services.engagement.network import Action, Response
from services.engagement.sentiment import NEUTRAL, compound

AT_ONCE = 50
"""The most responses that are read in one round."""


class Listener:
    """Reads what is new on the network."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def step(self) -> None:
        """Take in what was written since the cursor. What somebody wrote is data: it is scored and shown, no more."""
        fresh = self._desk.platform.responses(self._desk.bookmark.cursor, AT_ONCE)
        self._desk.doing("scoring", len(fresh), "response")
        for response in fresh:
            self._take(response)

    def _take(self, response: Response) -> None:
        desk, bookmark = self._desk, self._desk.bookmark
        score = compound(response.text)
        desk.context.sample(f"engagement.sentiment:{desk.name}", score)
        events: list[Event] = [self._seen(response, score)]
        for watched in bookmark.watched:
            if watched.post == response.post and score <= -NEUTRAL:
                watched.negative += 1
        if len(bookmark.backlog) < BACKLOG:
            bookmark.backlog.append(response.id)
        else:
            why = f"{BACKLOG} responses wait to be answered already"
            events += desk.refused_once(Action.REPLY, "backlog", why, response.at)
        bookmark.cursor = response.id
        desk.keep(*events)

    def _seen(self, response: Response, score: float) -> ResponseSeen:
        return ResponseSeen(
            **self._desk.facts(response.at),
            response=response.id,
            parent=response.post,
            author=response.author,
            text=response.text,
            compound=score,
        )
