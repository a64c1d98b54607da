"""How many examples a property is tried with: a few in each run, many by night (``--hypothesis-profile thorough``)."""

from hypothesis import HealthCheck, settings

THOROUGH = "thorough"


def register_profiles() -> None:
    # How long an example takes is the machine's affair: two hundred milliseconds are soon gone on a busy one.
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile(THOROUGH, settings.get_profile("any machine"), max_examples=1000)


def examples(count: int) -> int:
    """For a test that asks for a number of its own."""
    return count * 10 if settings.get_current_profile_name() == THOROUGH else count
