"""Responses: read once each, scored, kept as events, and queued to be answered."""

import math

from services.core.events import Event
from services.engagement.bookmark import BACKLOG
from services.engagement.desk import Desk
from services.engagement.events import FeedListened, ResponseSeen
from services.engagement.network import Action, Response
from services.engagement.sentiment import NEUTRAL, compound

AT_ONCE = 50
"""The most responses that are read in one round."""
SILENCE = 600.0
"""Seconds between two signs that the network was read and is silent."""


class Listener:
    """Reads what is new on the network."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told = -math.inf

    def step(self) -> None:
        """Take in what was written since the cursor. What somebody wrote is data: it is scored and shown, no more."""
        fresh = self._desk.platform.responses(self._desk.bookmark.cursor, AT_ONCE)
        self._desk.doing("scoring", len(fresh), "response")
        for response in fresh:
            self._take(response)
        self._tell_of_life(heard=bool(fresh))

    def _tell_of_life(self, *, heard: bool) -> None:
        """A response is a sign of life by itself; where there is none, the network is told to be silent."""
        desk, now = self._desk, self._desk.context.clock.monotonic()
        if heard:
            self._told = now
        elif now - self._told >= SILENCE:
            self._told = now
            desk.context.emit(FeedListened(**desk.facts(desk.platform.now())))

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
