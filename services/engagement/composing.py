"""Puts posts and replies together from a campaign's templates; every draw is made from a given cause."""

import random
from collections.abc import Iterator, Mapping, Sequence

from services.engagement.campaign import PLACEHOLDER, Campaign
from services.engagement.network import Response
from services.engagement.sentiment import tone

TRIES = 12
"""How many wordings of a post are tried before its slot is given up."""


def blend(start: Mapping[str, float], learned: Mapping[str, float]) -> dict[str, float]:
    """The campaign's own weights with the learned layer over them; they sum to 1.

    With nothing learned (all equal) the campaign's weights are what remains.
    """
    product = {arm: weight * learned.get(arm, 0.0) for arm, weight in start.items()}
    total = sum(product.values())
    if total <= 0:
        product, total = dict(start), sum(start.values())
    return {arm: weight / total for arm, weight in product.items()}


def pick(weights: Mapping[str, float], count: int, dice: random.Random) -> list[str]:
    """Draw ``count`` different arms, each in proportion to its weight among those left."""
    left = dict(weights)
    chosen: list[str] = []
    while left and len(chosen) < count:
        arm = dice.choices(list(left), list(left.values()))[0]
        chosen.append(arm)
        del left[arm]
    return chosen


def wordings(campaign: Campaign, hashtags: Sequence[str], dice: random.Random) -> Iterator[str]:
    """Different texts for one post, at most ``TRIES`` drawn."""
    seen: set[str] = set()
    for _ in range(TRIES):
        template = dice.choice(campaign.posts)
        words = PLACEHOLDER.sub(lambda found: dice.choice(campaign.words[found[1]]), template)
        text = " ".join([words, *(f"#{tag}" for tag in hashtags)])
        if text not in seen:
            seen.add(text)
            yield text


def answers(campaign: Campaign, response: Response, score: float) -> list[str]:
    """The campaign's comments that fit the tone of ``response``, in an order drawn from its id."""
    pool = list(getattr(campaign.replies.comments, tone(score)))
    random.Random(f"{campaign.campaign}:{response.id}").shuffle(pool)
    # A function, since a handle from outside must not be read as a pattern's replacement.
    return [PLACEHOLDER.sub(lambda _: f"@{response.author}", text) for text in pool]
