"""One number for what was heard by a bar's close."""

import math
from collections.abc import Mapping

from services.trading.social.voices import Heard


def level_of(heard: Mapping[int, Heard] | None) -> float:
    """The mean score over the widest window that is listened to, from -1 to 1; NaN where nobody listens."""
    return heard[max(heard)].mean if heard else math.nan
