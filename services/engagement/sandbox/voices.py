"""What the sandbox's made personas say: short sentences put together by mood, so that no two days read alike."""

import random

MOODS = ("positive", "neutral", "negative")

_OPENERS = {
    "positive": (
        "Love this.",
        "This is great!",
        "Nice work.",
        "Really helpful, thanks.",
        "Wow, impressive.",
        "Exactly what I hoped for.",
        "Beautifully done.",
        "Thank you for sharing.",
    ),
    "neutral": (
        "Question:",
        "Reading this at lunch.",
        "Just saw this.",
        "From the other side of the desk:",
        "Noted.",
        "Coming from another tool:",
        "Two things.",
        "Second look at it today.",
    ),
    "negative": (
        "I am not happy with this.",
        "This is disappointing.",
        "Sorry, but this looks wrong.",
        "I hate to say it:",
        "That is a bad idea.",
        "Honestly, annoying.",
        "This failed for me.",
    ),
}
_BODIES = {
    "positive": (
        "It made my morning easier.",
        "The small details are a joy.",
        "I recommend it to my team.",
        "More about {topic}, please!",
        "It is good to see the numbers too.",
        "The write-up is clear and honest.",
        "You win the day with {topic}.",
    ),
    "neutral": (
        "how long did it take?",
        "does it run on an old laptop?",
        "where does {topic} go next?",
        "which version is that?",
        "is there a log of it?",
        "what happens after a restart?",
        "is the chart per day or per week?",
    ),
    "negative": (
        "It broke twice on my machine.",
        "The last post about {topic} was useless too.",
        "The chart is misleading.",
        "I lost an hour with it.",
        "Too much noise about {topic}, and it is terrible to read.",
        "The problem is still there, and it is ugly.",
    ),
}


def speak(mood: str, topic: str, dice: random.Random) -> str:
    """One short text of the given mood."""
    return f"{dice.choice(_OPENERS[mood])} {dice.choice(_BODIES[mood]).format(topic=topic or 'it')}"


def everything(mood: str) -> list[str]:
    """Every text that mood can produce, about a topic that says nothing."""
    return [f"{opener} {body.format(topic='it')}" for opener in _OPENERS[mood] for body in _BODIES[mood]]
