"""The engagement rate."""


def percent(posts: list[tuple[int, int]]) -> float | None:
    """Reactions per hundred impressions over posts, or None before anyone saw one."""
    impressions = sum(seen for _, seen in posts)
    return 100 * sum(reactions for reactions, _ in posts) / impressions if impressions else None
