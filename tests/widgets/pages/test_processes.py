"""The Processes page over a real engine."""

from widgets.pages.processes import ProcessesPage


def test_it_is_worth_looking_at(household, framed, picture, theme):
    page = ProcessesPage()
    window = framed("processes", page)
    page.refresh(household.program.engine.view)
    page.select("mentions-stream")
    page.refresh(household.program.engine.view)
    runs = page.detail.runs.table
    runs.setCurrentIndex(runs.rows.index(1, 0))
    assert picture(window, f"processes-page-{theme}").stat().st_size > 10_000
    page.begin_script()
    picture(window, f"processes-form-{theme}")
