"""Made-up posts for tests, and how what is heard of them is counted by the letter of the convention."""

import json
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from services.core.clock import Clock
from services.core.journal import Journal
from services.core.store import open_store
from services.trading.candles import Candle
from services.trading.candles.moments import microseconds_of, moment
from services.trading.social.events import PostHeard
from services.trading.social.post import Beat, Post, Posts, Row, in_order
from tests.support.candles import BAR, START
from tests.support.manual_clock import ManualClock

FRIENDLY = ("{} to the moon", "so bullish on ${}", "{} looks great", "what a wonderful {} rally")
HOSTILE = ("{} got rekt", "{} is crashing", "very bearish on ${}", "a horrible day for {}")


class Recording:
    """What this home has recorded by the moment it is asked."""

    def __init__(self, rows: Sequence[Row], clock: Clock) -> None:
        self._rows, self._clock = deque(rows), clock

    def next(self) -> list[Row]:
        now = microseconds_of(self._clock.now())
        return [self._rows.popleft() for _ in range(sum(row.known_at <= now for row in self._rows))]


def at(minutes: float) -> datetime:
    """So many minutes after the made-up candles begin."""
    return START + timedelta(minutes=minutes)


def post(minutes: float, text: str, *, author: str = "ann", id_: str = "", source: str = "net", **more: object) -> Post:
    known = microseconds_of(at(minutes))
    return Post(known, known, source, author, id_ or f"{author} {minutes}", text, **more)  # type: ignore[arg-type]


def beat(minutes: float, source: str = "net") -> Beat:
    return Beat(microseconds_of(at(minutes)), source)


def posts_of(rows: Sequence[Row]) -> Posts:
    return Posts(in_order(rows), "made up", "")


def chatter(candles: Sequence[Candle], chance: Random, *, lead: int = 12, right: float = 0.75) -> list[Post]:
    """Up to four posts a bar, of which a share of ``right`` says which way the price goes in the next ``lead`` bars."""
    told: list[Post] = []
    for index, candle in enumerate(candles):
        later = candles[min(index + lead, len(candles) - 1)]
        for _ in range(chance.randint(0, 4)):
            known = microseconds_of(candle.time + chance.random() * BAR)
            words = FRIENDLY if (chance.random() < right) == (later.close > candle.close) else HOSTILE
            text = f"{chance.choice(words).format('ETH')} {chance.randrange(10**6)}"
            told.append(Post(known, known, "net", f"author {chance.randrange(400)}", str(len(told)), text))
    return told


def shuffled(told: Sequence[Post], chance: Random) -> list[Post]:
    """The same posts at the same moments, each moment with another's text: they tell nothing of what comes."""
    texts = [each.text for each in told]
    chance.shuffle(texts)
    return [
        Post(each.known_at, each.created_at, each.source, each.author, each.id, text)
        for each, text in zip(told, texts, strict=True)
    ]


def save_posts(path: Path, told: Iterable[Post]) -> Path:
    """As a .jsonl file."""
    rows = (
        {name: getattr(each, name) for name in ("source", "author", "id", "text")}
        | dict.fromkeys(("received_at", "created_at"), moment(each.known_at).isoformat())
        for each in told
    )
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def record_posts(store: Path, told: Iterable[Post]) -> None:
    """Into a home's journal, which takes each when it is known."""
    first, *_ = told = sorted(told, key=lambda each: each.known_at)
    clock = ManualClock(moment(first.known_at))
    opened = open_store(store, store.parent / "backups", clock.now)
    journal = Journal(opened, clock)
    journal.start()
    for each in told:
        clock.advance(moment(each.known_at) - clock.now())
        created = moment(each.created_at)
        heard = PostHeard(each.source, each.author, each.id, each.text, created, clock.now(), each.deleted)
        clock.result(journal.append(heard, source="feed"))
    journal.close()
    opened.close()
