"""The page in the frame of the window, to be looked at beside the drawn targets."""

from tests.support.bustle import House
from widgets.pages.processes import ProcessesPage


def test_the_processes(framed, picture, theme, busy: House):
    page = ProcessesPage()
    window = framed("processes", page)
    page.refresh(busy.view)
    page.select("macd-eth-btc")
    picture(window, f"processes-{theme}")
    for name in ("billing-api", "price-mirror", "paging", "mentions-stream"):
        page.select(name)
        picture(window, f"processes-{name}-{theme}")
    page.pane.runs.open_run(1)
    window.resize(1100, 700)
    assert picture(window, f"processes-small-{theme}").stat().st_size > 10_000


def test_the_forms(framed, picture, theme, busy: House):
    page = ProcessesPage()
    window = framed("processes", page)
    page.refresh(busy.view)
    page.offer_strategies(("trading/macd-eth-btc.yaml", "engagement/build-in-public.yaml"))
    page.open_form("script")
    page.form.script.command.setText("python main.py | tee log")
    page.form.script.when.setCurrentIndex(2)
    page.form.script.alive.setCurrentIndex(2)
    page.form.submit()
    picture(window, f"processes-form-{theme}")
    for which in ("project", "strategy"):
        page.open_form(which)
        assert picture(window, f"processes-form-{which}-{theme}").stat().st_size > 10_000


def test_the_page_with_nothing_on_it(framed, picture, theme, quiet: House):
    page = ProcessesPage()
    window = framed("processes", page)
    page.refresh(quiet.view)
    assert picture(window, f"processes-empty-{theme}").stat().st_size > 10_000
