"""What campaigns tell. ``day`` is the campaign's own day on its network; ``simulated`` is true for the sandbox."""

from services.core.events import Event


class Posted(Event, name="engagement.posted"):
    """A post of a campaign is on the network."""

    campaign: str
    network: str
    simulated: bool
    day: str
    post: str
    text: str
    hashtags: tuple[str, ...] = ()


class ResponseSeen(Event, name="engagement.response"):
    """Somebody wrote to us. ``compound`` is VADER's score, -1 to 1; text and author are from outside, bounded."""

    campaign: str
    network: str
    simulated: bool
    day: str
    response: str
    parent: str
    author: str
    text: str
    compound: float


class FeedListened(Event, name="engagement.listened"):
    """The network was read and nobody had written: told now and then, so that silence is no outage to who reads on."""

    campaign: str
    network: str
    simulated: bool
    day: str


class ActionRefused(Event, name="engagement.refused"):
    """A rule (the campaign's, or the network's) kept us from doing something."""

    campaign: str
    network: str
    simulated: bool
    day: str
    action: str
    rule: str
    why: str


class Interacted(Event, name="engagement.interacted"):
    """We replied to or liked a response."""

    campaign: str
    network: str
    simulated: bool
    day: str
    action: str
    response: str


class Measured(Event, name="engagement.measured"):
    """How a post did, read once at the campaign's fixed age, so that like is compared with like."""

    campaign: str
    network: str
    simulated: bool
    day: str
    post: str
    likes: int
    replies: int
    reposts: int
    impressions: int
    reward: float
    """0 to 1, as told to the learner."""


class DayMeasured(Event, name="engagement.day"):
    """A day of the campaign is over on which posts were measured; ``score`` is their mean reward."""

    campaign: str
    network: str
    simulated: bool
    day: str
    posts: int
    score: float
    usual: float | None = None
    """The score that was to be expected; None while too few days were measured."""
    deviation: float | None = None
    """The distance from it, in robust standard deviations of the days before."""
