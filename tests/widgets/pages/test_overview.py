"""The Overview page over a real engine: shown, acted on, and taken back in time."""

from widgets.pages.overview import OverviewPage


def test_it_looks_like_the_drawn_target(household, framed, picture, theme, lines):
    page = OverviewPage()
    window = framed("overview", page)
    page.refresh(household.program.engine.view)
    page.add_log_lines(lines)
    assert picture(window, f"overview-page-{theme}").stat().st_size > 10_000
    page.set_first_steps(True)
    window.resize(1100, 700)
    picture(window, f"overview-page-small-{theme}")
